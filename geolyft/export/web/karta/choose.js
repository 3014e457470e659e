// @ts-check
// The steps a reader can take: each changes the state, has the page follow, and says so.

import { CITY } from './data.js';
import { announce, byId } from './make.js';
import { areaTitle, choiceText, headingOf, say } from './say.js';
import { currentLevel, currentTheme, nearestPeriod, state } from './state.js';

// How the page follows a choice, and one of an area alone. Every part of the page takes steps, and
// start.js, which knows every part, fills this in: so no two modules need each other.
/** @type {Record<'update' | 'updateArea', (how?: { isStep?: boolean }) => void>} */
export const page = { update() {}, updateArea() {} };

const YEAR_MILLISECONDS = 1500;
let timer = 0;

export function chooseArea(code, { level = state.level, follow = false } = {}) {
  state.area = code;
  if (level === state.level) {
    page.updateArea();
  } else {
    changeLevel(level);
    page.update();
  }
  announce(say('announce_area', { area: areaTitle(code) }));
  const stacked = window.matchMedia('(max-width: 60rem)').matches;
  if (follow || stacked) byId('panel-rubrik').focus();
}

export function changeLevel(code) {
  state.level = code;
  state.period = nearestPeriod(currentLevel(), state.period);
  if (!currentLevel().placeOf.has(state.area)) state.area = CITY;
}

export function choose(change) {
  stopPlaying();
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
