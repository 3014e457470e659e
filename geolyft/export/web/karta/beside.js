// @ts-check
// Two or three areas beside each other and the city, on every theme.

import { CITY, cellOf, data, isOfChildren } from './data.js';
import { fillOf, swatch } from './fills.js';
import { make, smallPrint } from './make.js';
import { compared } from './pins.js';
import { areaTitle, certaintyText, intervalText, say, statusText, valueText } from './say.js';
import { choiceOf, state } from './state.js';

// Where two intervals do not meet, the figures are surely apart, however they hang together.
/** @type {(one: Figure, other: Figure) => boolean | undefined} */
export function areApart(one, other) {
  const bounds = [one.low, one.high, other.low, other.high];
  if (bounds.includes(undefined)) return undefined;
  return one.high < other.low || other.high < one.low;
}

const cellsOf = (theme, codes) => codes.map((code) => cellOf(theme.code, code, choiceOf(code)));

function cellBox(theme, cell, isCity) {
  const kind = cell.value === null ? 'absent' : 'value';
  const sign = cell.value === null || isCity ? '' : swatch(fillOf(theme, 'value', cell));
  const box = make('td', { class: kind }, sign, ' ', valueText(theme, cell));
  const more = [intervalText(cell), isCity ? '' : certaintyText(cell), statusText(cell)];
  const small = cell.value === null ? '' : smallPrint(...more);
  if (small !== '') box.append(small);
  return box;
}

// Which of the areas are surely apart from each other.
function apartText(cells, codes) {
  const pairs = codes.flatMap((one, n) =>
    codes.slice(n + 1).map((other, m) => {
      return {
        text: say('beside_pair', { one, other }),
        apart: areApart(cells[n], cells[n + 1 + m]),
      };
    }),
  );
  if (pairs.every(({ apart }) => apart === undefined)) return say('beside_unknown');
  const apart = pairs.filter((pair) => pair.apart).map(({ text }) => text);
  return apart.length > 0 ? apart.join(', ') : say('beside_none');
}

function themeLine(theme, codes) {
  const [city, ...cells] = cellsOf(theme, [CITY, ...codes]);
  const current = theme.code === state.theme ? { 'aria-current': 'true' } : {};
  const boxes = cells.map((cell) => cellBox(theme, cell, false));
  return make(
    'tr',
    { class: theme.kind, ...current },
    make('th', { scope: 'row' }, theme.short),
    cellBox(theme, city, true),
    ...boxes,
    codes.length > 1 ? make('td', { class: 'apart' }, apartText(cells, codes)) : '',
  );
}

export function beside() {
  const codes = compared();
  if (codes.length === 0) return [make('p', { class: 'meaning-of' }, say('beside_empty'))];
  const titles = [say('beside_theme'), data.city, ...codes.map((code) => areaTitle(code))];
  if (codes.length > 1) titles.push(say('beside_apart'));
  const heads = titles.map((title) => make('th', { scope: 'col' }, title));
  const themes = data.themes.filter(
    (theme) =>
      isOfChildren(theme) || cellsOf(theme, [CITY, ...codes]).some((c) => c.value !== null),
  );
  const rows = themes.map((theme) => themeLine(theme, codes));
  return [
    make('p', { class: 'meaning-of' }, say('beside_meaning')),
    make(
      'table',
      { class: 'compared' },
      make('thead', {}, make('tr', {}, ...heads)),
      make('tbody', {}, ...rows),
    ),
  ];
}
