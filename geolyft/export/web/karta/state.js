// What the reader has chosen, and how an address says it. Only what the data knows is taken from an
// address; anything else is as if it were not there.
'use strict';

const state = openingState();
// How an address names the views; a value needs no name. `forandring` and `kvalitet` alone are of
// the index.
const VIEW_WORDS = new Map([
  ['gap', 'skillnad'],
  ['change', 'forandring'],
  ['quality', 'kvalitet'],
]);

function openingState() {
  return {
    level: mainLevel.code,
    theme: data.start,
    view: 'value',
    period: mainLevel.periods[mainLevel.periods.length - 1],
    sex: EVERYONE,
    area: CITY,
    sort: { column: 0, descending: false },
    withPatterns: false,
  };
}

function currentLevel() {
  return levelByCode.get(state.level);
}

function themeWord() {
  if (state.view === 'value') return state.theme;
  const word = VIEW_WORDS.get(state.view);
  return state.theme === INDEX ? word : `${word}-${state.theme}`;
}

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

function hashOfState() {
  const parts = new URLSearchParams({ tema: themeWord(), period: state.period });
  if (state.sex !== EVERYONE) parts.set('kon', state.sex);
  if (state.level !== mainLevel.code) parts.set('niva', state.level);
  if (state.area !== CITY) parts.set('omrade', state.area);
  return '#' + parts.toString();
}

function stateFromHash(hash) {
  const parts = new URLSearchParams(hash.slice(1));
  const names = ['tema', 'period', 'kon', 'niva', 'omrade'];
  if (!names.some((name) => parts.has(name))) return false;
  const opening = openingState();
  const said = themeFromWord(parts.get('tema') || '');
  if (levelByCode.has(parts.get('niva'))) opening.level = parts.get('niva');
  const level = levelByCode.get(opening.level);
  if (data.sexes.includes(parts.get('kon'))) opening.sex = parts.get('kon');
  if (level.placeOf.has(parts.get('omrade'))) opening.area = parts.get('omrade');
  opening.period = nearestPeriod(level, parts.get('period'));
  Object.assign(state, opening, said, { sort: state.sort, withPatterns: state.withPatterns });
  return true;
}

// Smaller areas may be known for fewer periods than the run's own.
function nearestPeriod(level, period) {
  return level.periods.includes(period) ? period : level.periods[level.periods.length - 1];
}

// A choice is a step that the browser's back button takes back; what only follows from one is not.
function rememberState({ isStep = true } = {}) {
  const hash = hashOfState();
  if (hash === window.location.hash) return;
  if (isStep) window.history.pushState(null, '', hash);
  else window.history.replaceState(null, '', hash);
}
