// @ts-check
// What the panel says first: the chosen theme in the chosen view, of women and men, and how it moved.

import { CITY, EVERYONE, cellOf, changeOf, data, figureOf, hasFigures, isHidden } from './data.js';
import { isOfChildren, isShare, sexesOf } from './data.js';
import { personsText } from './indicators.js';
import { make, smallPrint } from './make.js';
import { certaintyText, columnName, countText, countedText, fullText, intervalText } from './say.js';
import { meaningOf, reasonText, say, sexName, statusText, valueText } from './say.js';
import { choiceOf, currentTheme, state } from './state.js';

// Why an area has no figure: hidden, not told by sex, or missing.
export function absenceText(theme, area) {
  const choice = choiceOf(area);
  if (isHidden(cellOf(theme.code, area, choice))) return say('area_hidden');
  const isBySex = hasFigures(theme.code, { ...choice, view: 'value' });
  if (choice.sex !== EVERYONE && !isBySex) return say('area_not_by_sex', { theme: theme.short });
  return say('area_missing');
}

// The figure of the view, large, and what it means.
function figureLines(theme, area) {
  const { view } = state;
  const figure = figureOf(theme.code, area, choiceOf(area));
  const isUnsure = view === 'change' && figure.sure === false;
  const known = figure.value !== null;
  const text = isUnsure ? certaintyText(figure) : valueText(theme, figure, view);
  const large = make('p', { class: known && !isUnsure ? 'big' : 'big absent' }, text);
  const title = make('p', {}, make('strong', {}, columnName(theme, view)));
  if (!known) {
    const why = view === 'change' ? reasonText(figure) : absenceText(theme, area);
    return [large, title, smallPrint(why)];
  }
  const meaning = area === CITY ? '' : meaningOf(theme, view, figure);
  if (meaning !== '') title.append(': ' + meaning);
  const own = isUnsure ? fullText(theme, figure, view) : certaintyText(figure);
  return [large, title, smallPrint(own, intervalText(figure))];
}

// What the value itself is, where the view shows something else of it, and on what it rests.
function valueLine(theme, area) {
  const cell = cellOf(theme.code, area, choiceOf(area));
  if (cell.value === null) return '';
  const value = state.view === 'value' ? '' : `${say('view_value')} ${valueText(theme, cell)}`;
  const scale = isShare(theme) || theme.kind === 'chapter' ? '' : say('points_meaning');
  const rests = [countText(cell), countedText(theme, cell), statusText(cell), cell.reference];
  return smallPrint(value, scale, ...rests);
}

// How far the figure is from the city's, and how many that is.
function distance(theme, area) {
  const choice = choiceOf(area);
  const [cell, city] = [area, CITY].map((code) => cellOf(theme.code, code, choice));
  if (area === CITY || cell.gap === undefined) return '';
  const named = say('city_value', { value: valueText(theme, city) });
  const key = isShare(theme) ? 'difference' : 'difference_score';
  const gap = valueText(theme, { ...cell, value: cell.gap }, 'gap');
  const text = [say(key, { value: gap, city: named }), personsText(cell, theme)];
  return make('p', { class: 'fact' }, text.filter(Boolean).join(', ') + '.');
}

export function chosen(area) {
  const theme = currentTheme();
  const lines = [...figureLines(theme, area), valueLine(theme, area)];
  return [
    make('div', { class: 'headline chosen-theme' }, ...lines),
    isOfChildren(theme) ? children(area) : '',
    state.view === 'change' ? '' : distance(theme, area),
    ...sexes(theme, area),
    state.view === 'change' ? '' : changeText(theme, area),
  ];
}

// What is known of an area's children, in sentences.
function children(area) {
  const told = data.children[state.period]?.[area] ?? [];
  return make('ul', { class: 'story' }, ...told.map((text) => make('li', {}, text)));
}

// ---- women and men ----

function sexCell(theme, area, sex) {
  const cell = cellOf(theme.code, area, { ...choiceOf(area), sex });
  const kind = cell.value === null ? 'absent' : 'value';
  const box = make('td', { class: kind }, valueText(theme, cell));
  const more = smallPrint(countText(cell), intervalText(cell));
  if (more !== '') box.append(more);
  return box;
}

function sexHead(theme, sex) {
  const now = sex === state.sex ? { 'aria-current': 'true' } : {};
  return make('th', { scope: 'col', ...now }, sexName(sex, theme));
}

// The difference is told with how sure it is; of scores nobody has judged it.
function sexDifference(theme, area) {
  const cell = sexesOf(theme.code, area, choiceOf(area));
  if (cell.value === null) return '';
  const value = fullText(theme, cell, 'gap');
  const text = say(cell.sure ? 'sexes_sure' : 'sexes_unsure', { value });
  return smallPrint(text, intervalText(cell));
}

function sexes(theme, area) {
  const all = data.sexes.filter((sex) => sex !== EVERYONE);
  const choice = choiceOf(area);
  const cells = all.map((sex) => cellOf(theme.code, area, { ...choice, sex }));
  if (all.length < 2 || cells.every(({ value, status }) => value === null && status === 'missing'))
    return [];
  const head = make('thead', {}, make('tr', {}, ...all.map((sex) => sexHead(theme, sex))));
  const row = make('tr', {}, ...all.map((sex) => sexCell(theme, area, sex)));
  const title = all.map((sex) => sexName(sex, theme)).join(' | ');
  return [
    make('table', { class: 'by-sex', 'aria-label': title }, head, make('tbody', {}, row)),
    sexDifference(theme, area),
  ];
}

// ---- over time ----

// How far a theme moved is told whichever period is shown; what may be chance is said to be that
// before any number.
export function changeText(theme, area) {
  const cell = changeOf(theme.code, area, choiceOf(area));
  if (data.between.length === 0 || (cell.value === null && !cell.reason)) return '';
  const told = [fullText(theme, cell, 'change'), certaintyText(cell)];
  if (cell.sure === false) told.reverse();
  const title = say('change_of', { theme: theme.short });
  const details = smallPrint(told[1], intervalText(cell), reasonText(cell));
  const text = make('strong', {}, `${title}: ${told[0]}`);
  return make('p', { class: 'fact' }, text, make('br'), details);
}
