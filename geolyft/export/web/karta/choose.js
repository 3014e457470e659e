// @ts-check
// The steps a reader can take: each changes the state, has the page follow, and says so.

import { CITY, levelByCode, mainLevel } from './data.js';
import { isEmpty, nearestFilled } from './empty.js';
import { announce, byId } from './make.js';
import { areaOf, areaTitle, choiceText, headingOf, parentOf, say } from './say.js';
import { choiceNow, currentLevel, currentTheme, nearestPeriod, state } from './state.js';

// How the page follows a choice, and one of an area alone. Every part of the page takes steps, and
// start.js, which knows every part, fills this in: so no two modules need each other.
/** @type {Record<'update' | 'updateArea', (how?: { isStep?: boolean }) => void>} */
export const page = { update() {}, updateArea() {} };

const YEAR_MILLISECONDS = 1500;
let timer = 0;

export function chooseArea(code, { level = state.level, follow = false } = {}) {
  if (level === state.level) {
    state.area = code;
    page.updateArea();
  } else {
    state.missed = undefined;
    changeLevel(level);
    state.area = code;
    page.update();
  }
  announce(say('announce_area', { area: areaTitle(code) }));
  const stacked = window.matchMedia('(max-width: 60rem)').matches;
  if (follow || stacked) byId('panel-rubrik').focus();
}

// The area stays, or the one around it where the new level has it not.
export function changeLevel(code) {
  const around = parentOf(areaOf(state.area)) ?? CITY;
  state.level = code;
  state.period = nearestPeriod(currentLevel(), state.period);
  const levels = [levelByCode.get(code), mainLevel];
  if (!levels.some(({ placeOf }) => placeOf.has(state.area))) state.area = around;
  land();
}

// A page opens on figures, and stays on them when level, sex or period is another: where what is
// asked for has none, the nearest that has is shown, and the page says why.
export function land() {
  const asked = choiceNow();
  if (!isEmpty(asked)) return;
  const found = nearestFilled(asked);
  if (Object.keys(found).length > 0) Object.assign(state, found, { missed: asked });
}

export function choose(change) {
  stopPlaying();
  state.missed = undefined;
  change();
  page.update();
  announceChoice();
}

export function announceChoice() {
  const theme = headingOf(currentTheme());
  announce(say('announce', { theme, period: choiceText() || state.period }));
}

// ---- the years play until another step is taken ----

export const isPlaying = () => timer !== 0;

export function startPlaying(step) {
  timer = setInterval(step, YEAR_MILLISECONDS);
}

export function stopPlaying() {
  clearInterval(timer);
  timer = 0;
}
