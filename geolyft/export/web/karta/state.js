// @ts-check
// What the reader has chosen, and how an address says it. Only what the data knows is taken from an
// address; anything else is as if it were not there.

import { CITY, EVERYONE, INDEX, data, levelByCode, mainLevel, themeByCode } from './data.js';

// How an address names the views; a value needs no name. `forandring` and `kvalitet` alone are of
// the index.
/** @type {Map<View, string>} */
const VIEW_WORDS = new Map([
  ['gap', 'skillnad'],
  ['change', 'forandring'],
  ['quality', 'kvalitet'],
]);
// With more areas than this, the tab key passes the map in one step and the arrow keys move in it,
// and the table follows when the map has been painted.
const MOST_TAB_STOPS = 30;
const ADDRESS_NAMES = ['tema', 'period', 'kon', 'niva', 'omrade'];

/** @type {State} */
export const state = {
  ...choiceFrom(new URLSearchParams()),
  sort: { column: 0, descending: false },
  withPatterns: false,
};

export const currentLevel = () => levelByCode.get(state.level);
// What is chosen, without what only the page needs to know.
/** @type {() => Choice} */
export function choiceNow() {
  const { level, theme, view, period, sex, area } = state;
  return { level, theme, view, period, sex, area };
}

// An area of the run stays chosen while smaller ones are shown: its figures are of its own level.
/** @type {(area: string) => Level} */
export const levelOf = (area) => (currentLevel().placeOf.has(area) ? currentLevel() : mainLevel);
/** @type {(area: string) => Choice} */
export const choiceOf = (area) => ({ ...state, level: levelOf(area).code });
export const currentTheme = () => themeByCode.get(state.theme);
/** @type {(level: Level) => boolean} */
export const isLarge = (level) => level.areas.length > MOST_TAB_STOPS;

/** @param {Choice} choice */
export function themeWord({ theme, view }) {
  if (view === 'value') return theme;
  const word = VIEW_WORDS.get(view);
  return theme === INDEX ? word : `${word}-${theme}`;
}

/** @returns {Partial<Choice>} */
function themeFromWord(word) {
  if (themeByCode.has(word)) return { theme: word, view: 'value' };
  for (const [view, name] of VIEW_WORDS) {
    if (!data.views.includes(view)) continue;
    if (word === name) return { theme: INDEX, view };
    const theme = word.startsWith(name + '-') ? word.slice(name.length + 1) : '';
    if (themeByCode.has(theme)) return { theme, view };
  }
  return {};
}

/** @param {Choice} choice */
export function hashOf(choice) {
  const parts = new URLSearchParams({ tema: themeWord(choice), period: choice.period });
  if (choice.sex !== EVERYONE) parts.set('kon', choice.sex);
  if (choice.level !== mainLevel.code) parts.set('niva', choice.level);
  if (choice.area !== CITY) parts.set('omrade', choice.area);
  return '#' + parts.toString();
}

/** @returns {Choice | undefined} */
export function choiceFromHash(hash) {
  const parts = new URLSearchParams(hash.slice(1));
  return ADDRESS_NAMES.some((name) => parts.has(name)) ? choiceFrom(parts) : undefined;
}

/** @type {(parts: URLSearchParams) => Choice} */
function choiceFrom(parts) {
  const level = levelByCode.get(parts.get('niva')) ?? mainLevel;
  const [sex, area] = [parts.get('kon'), parts.get('omrade')];
  return {
    level: level.code,
    theme: data.start,
    view: 'value',
    period: nearestPeriod(level, parts.get('period')),
    sex: data.sexes.includes(sex) ? sex : EVERYONE,
    area: [level, mainLevel].some(({ placeOf }) => placeOf.has(area)) ? area : CITY,
    ...themeFromWord(parts.get('tema') ?? ''),
  };
}

// Smaller areas may be known for fewer periods than the run's own.
export function nearestPeriod(level, period) {
  return level.periods.includes(period) ? period : level.periods.at(-1);
}

// A choice is a step that the browser's back button takes back; what only follows from one is not.
export function rememberState({ isStep = true } = {}) {
  const hash = hashOf(state);
  if (hash === window.location.hash) return;
  if (isStep) window.history.pushState(null, '', hash);
  else window.history.replaceState(null, '', hash);
}
