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
const MAIN_NAMES = ['tema', 'period', 'kon', 'niva', 'omrade'];
const ADDRESS_NAMES = [...MAIN_NAMES, 'visa', 'jamfor', 'mot', 'ordning', 'monster', 'plats'];
const COMPARISONS = ['alla', 'sida', 'samband', 'tid', 'granser'];

/** @type {State} */
export const state = choiceFrom(new URLSearchParams());

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

// What else is set, as an address says it; what goes without saying is not there.
/** @type {(kept: Partial<Kept>) => [string, string | number][]} */
function keptWords({ compare, pins = [], against, sort, withPatterns, place }) {
  const column = sort?.column ?? 0;
  /** @type {[string, string | number][]} */
  const words = [
    ['visa', compare === COMPARISONS[0] ? '' : compare],
    ...pins.map((code) => /** @type {[string, string]} */ (['jamfor', code])),
    ['mot', against],
    ['ordning', sort?.descending ? `-${column}` : column],
    ['monster', withPatterns ? 'ja' : ''],
    ['plats', place?.join('_')],
  ];
  return words.filter(([, word]) => word);
}

/** @type {(parts: URLSearchParams) => Kept} */
function keptFrom(parts) {
  const known = new Set(data.levels.flatMap(({ areas }) => areas.map(({ code }) => code)));
  const order = /^(-?)(\d\d?)$/.exec(parts.get('ordning')) ?? [];
  const place = (parts.get('plats') ?? '').split('_').map(Number);
  return {
    compare: COMPARISONS.includes(parts.get('visa')) ? parts.get('visa') : COMPARISONS[0],
    pins: [...new Set(parts.getAll('jamfor'))].filter((code) => known.has(code)).slice(0, 3),
    against: themeByCode.has(parts.get('mot')) ? parts.get('mot') : '',
    sort: { column: Number(order[2] ?? 0), descending: order[1] === '-' },
    withPatterns: parts.get('monster') === 'ja',
    place: place.length === 3 && place.every((one) => one > -180 && one < 180) ? place : undefined,
  };
}

/** @param {Choice & Partial<Kept>} choice */
export function hashOf(choice) {
  const parts = new URLSearchParams({ tema: themeWord(choice), period: choice.period });
  if (choice.sex !== EVERYONE) parts.set('kon', choice.sex);
  if (choice.level !== mainLevel.code) parts.set('niva', choice.level);
  if (choice.area !== CITY) parts.set('omrade', choice.area);
  for (const [name, word] of keptWords(choice)) parts.append(name, String(word));
  return '#' + parts.toString();
}

/** @returns {State | undefined} */
export function choiceFromHash(hash) {
  const parts = new URLSearchParams(hash.slice(1));
  return ADDRESS_NAMES.some((name) => parts.has(name)) ? choiceFrom(parts) : undefined;
}

/** @type {(parts: URLSearchParams) => State} */
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
    ...keptFrom(parts),
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
