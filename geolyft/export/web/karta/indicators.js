// @ts-check
// The dimensions and indicators of one area, and what they do to its index.

import { bar } from './charts.js';
import { CITY, EVERYONE, INDEX, cellOf, data, isShare, sureSide } from './data.js';
import { make, makeTitle, smallPrint } from './make.js';
import { certaintyText, countText, countedText, intervalText, number, say } from './say.js';
import { sexName, signed, statusText, valueText } from './say.js';
import { rangeOf, spine } from './spine.js';
import { choiceOf, levelOf, state } from './state.js';

const reaches = new Map();

// The widest distance from 100 among all areas of the level, so that bars of two areas can be
// compared.
function reachOf(area, kind, part, middle) {
  const level = levelOf(area);
  const key = level.code + kind;
  if (!reaches.has(key)) {
    const every = Object.values(level.figures).flatMap((each) => Object.values(each));
    const numbers = every.flatMap((columns) =>
      themesOf(kind).flatMap(({ code }) => columns[code]?.[part] ?? []),
    );
    const known = numbers.filter((one) => one !== null);
    const reach = known.reduce((most, one) => Math.max(most, Math.abs(one - middle)), 10);
    reaches.set(key, reach / 10);
  }
  return reaches.get(key);
}

const themesOf = (kind) => data.themes.filter((theme) => theme.kind === kind);

function themeRow(theme, cell, ...parts) {
  const kind = cell.value === null ? 'value absent' : 'value';
  const value = make('span', { class: kind }, valueText(theme, cell));
  return make('li', {}, make('span', { class: 'name' }, theme.short), value, ...parts);
}

function dimensionRow(theme, area) {
  const cell = cellOf(theme.code, area, choiceOf(area));
  const reach = reachOf(area, 'dimension', 'value', 1000);
  const details = [countedText(theme, cell), intervalText(cell), certaintyText(cell)];
  const chart = cell.value === null ? '' : bar(cell.value - 100, reach);
  return themeRow(theme, cell, chart, smallPrint(...details, statusText(cell)));
}

export function dimensionList(area) {
  const rows = themesOf('dimension').map((theme) => dimensionRow(theme, area));
  return [make('h3', {}, say('dimensions')), make('ul', { class: 'rows' }, ...rows)];
}

function indicatorRow(theme, area) {
  const cell = cellOf(theme.code, area, choiceOf(area));
  const range = rangeOf(theme, choiceOf(area));
  const chart = range === undefined ? '' : spine(theme, area === CITY ? undefined : cell, range);
  const row = themeRow(theme, cell, chart);
  const known = cell.value !== null;
  if (known && area !== CITY) row.append(comparison(theme, cell, area));
  const among = range && say('spine_range', { low: number(range.low), high: number(range.high) });
  const whose = theme.children && state.sex !== EVERYONE ? sexName(state.sex, theme) : '';
  const details = [whose, countText(cell), intervalText(cell), certaintyText(cell), cell.reference];
  row.append(known ? smallPrint(...details, statusText(cell), among) : smallPrint(among));
  return row;
}

// The difference in percentage points, and about how many that is of those the share is of.
function comparison(theme, cell, area) {
  const city = cellOf(theme.code, CITY, choiceOf(area));
  if (cell.gap === undefined) return '';
  const side = { 1: 'good', '-1': 'bad', 0: 'level' }[sureSide(theme, 'value', cell)];
  const named = say('city_value', { value: valueText(theme, city) });
  const text = say('difference', { value: signed(cell.gap), city: named });
  const persons = personsText(cell, theme);
  return make('span', { class: 'compare ' + side }, persons ? `${text}, ${persons}` : text);
}

/**
 * @param {Figure} cell
 * @param {Theme} theme
 */
export function personsText({ persons, denominator }, { counted, among }) {
  if (!persons) return '';
  const count = number(Math.abs(persons), 0);
  const parts = { count, all: number(denominator, 0), counted, among };
  return say(persons > 0 ? 'difference_more' : 'difference_fewer', parts);
}

export function indicatorGroups(area) {
  const key = area === CITY ? 'spine_city_meaning' : 'spine_meaning';
  const groups = themesOf('dimension').flatMap(({ code, short }) => {
    const indicators = data.themes.filter((theme) => theme.dimension === code);
    const rows = indicators.map((theme) => indicatorRow(theme, area));
    return [make('h4', {}, short), make('ul', { class: 'rows' }, ...rows)];
  });
  const exact = area === CITY ? '' : ' ' + say('differences_exact');
  return [...makeTitle(say('spine'), say(key) + exact), ...groups];
}

// ---- what pulls up and down ----

function contributionRow(attributes, name, chart, value) {
  return make(
    'tr',
    attributes,
    make('th', { scope: 'row' }, name),
    make('td', {}, chart),
    make('td', { class: 'value' }, signed(value)),
  );
}

export function contributions(area) {
  const index = cellOf(INDEX, area, choiceOf(area));
  const parts = data.themes
    .filter(isShare)
    .map((theme) => ({ theme, part: cellOf(theme.code, area, choiceOf(area)).part }))
    .filter(({ part }) => part !== undefined)
    .sort((one, other) => one.part - other.part);
  if (parts.length === 0 || area === CITY || index.value === null) return [];
  const rows = parts.map(({ theme, part }) =>
    contributionRow({}, theme.short, bar(part, reachOf(area, 'indicator', 'part', 0)), part),
  );
  const sum = contributionRow({ class: 'sum' }, say('sum'), '', index.value - 100);
  const later = state.period === data.base ? '' : ' ' + say('contributions_later');
  const caption = make('caption', {}, say('contributions_meaning') + later);
  return [
    make('h3', {}, say('contributions')),
    make('table', { class: 'parts' }, caption, make('tbody', {}, ...rows, sum)),
  ];
}
