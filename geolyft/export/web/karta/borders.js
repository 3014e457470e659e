// @ts-check
// How far apart the two sides of each border are, widest first, and drawn on the map.

import { INK, makeChart, scaleOf } from './charts.js';
import { chooseArea } from './choose.js';
import { EVERYONE, cellOf, data, isShare, legendOf, mainLevel, nearAt } from './data.js';
import { make, makeButton, makeFolded, makeSvg, smallPrint } from './make.js';
import { areaTitle, intervalText, number, say } from './say.js';
import { currentLevel, currentTheme, state } from './state.js';

const ROW = { width: 320, height: 18, edge: 12 };
const MOST = 10;
const WIDTHS = [0.8, 2.4, 4.8, 8];
/** @type {[keyof Figure, keyof Figure][]} */
const ENDS = [
  ['value', 'value'],
  ['low', 'high'],
  ['high', 'low'],
];

const tenths = (value) => (value === null || value === undefined ? NaN : Math.round(value * 10));

// What is computed from figures that are not rounded is told by the digit that the shown ones do not
// tell; see contrasts.py.
function contrastOf(theme, codes, n) {
  const [one, other] = codes.map((code) => cellOf(theme.code, code, state));
  const [higher, lower] = other.value >= one.value ? [other, one] : [one, other];
  const isTold = state.sex === EVERYONE && currentLevel() === mainLevel;
  const told = isTold ? data.contrasts[state.period]?.[theme.code] : undefined;
  const parts = ['size', 'least', 'most'].map((name, place) => {
    const [from, to] = ENDS[place];
    const guess = tenths(higher[from]) - tenths(lower[to]);
    return told === undefined ? guess / 10 : nearAt(told[name], n, guess);
  });
  const [value, low, high] = parts.map((part) => (Number.isNaN(part) ? undefined : part));
  const isBad = (theme.good === 'low') === (higher === one);
  return { codes, worse: codes[isBad ? 0 : 1], value, low, high };
}

function pairsOf({ areas }) {
  return areas.flatMap(({ near }, place) =>
    near.filter((other) => other > place).map((other) => [place, other]),
  );
}

// Every border with figures on both sides.
export function contrastsOf(theme) {
  const { areas } = currentLevel();
  return pairsOf(currentLevel())
    .map((pair, n) =>
      contrastOf(
        theme,
        pair.map((place) => areas[place].code),
        n,
      ),
    )
    .filter(({ value }) => value !== undefined)
    .sort((one, other) => other.value - one.value);
}

// The classes are those of a difference to the city; the widest is twice that far.
/** @param {Theme} theme */
function breaksOf(theme) {
  const breaks = legendOf(theme, 'gap')?.breaks ?? [];
  const [first, second] = breaks.filter((limit) => limit > 0).map((limit) => limit / 10);
  return first === undefined ? [] : [first, second, 2 * second];
}

/** @param {Theme} theme */
export function widthOf(theme, value) {
  return WIDTHS[breaksOf(theme).filter((limit) => limit <= value).length];
}

export function contrastItems(theme) {
  const breaks = breaksOf(theme);
  return breaks.map((limit, n) => {
    const line = makeSvg('line', {
      x1: 2,
      x2: 30,
      y1: 8,
      y2: 8,
      stroke: 'palette(contrast)',
      'stroke-width': WIDTHS[n + 1],
    });
    const sign = makeSvg(
      'svg',
      { class: 'mark', viewBox: '0 0 32 16', 'aria-hidden': 'true' },
      line,
    );
    const unit = say(isShare(theme) ? 'unit_share' : 'unit_score');
    const most = n < breaks.length - 1 ? `–${number(breaks[n + 1] - 0.1)}` : '';
    const key = most === '' ? 'contrast_most' : 'contrast_some';
    return [sign, say(key, { range: number(limit) + most, unit })];
  });
}

function rowOf({ codes, worse, value, low, high }, scale) {
  const name = codes.map((code) => areaTitle(code)).join(' | ');
  const y = ROW.height / 2;
  const bar = {
    x: scale(0),
    y: y - 5,
    width: Math.max(scale(value) - scale(0), 1),
    height: 10,
    fill: 'palette(contrast)',
  };
  const pen = { y1: y, y2: y, stroke: INK, 'stroke-width': 2 };
  const chart = makeChart(
    'dots',
    ROW,
    makeSvg('rect', { ...bar, 'fill-opacity': low > 0 ? 0.55 : 0.2 }),
    low === undefined ? '' : makeSvg('line', { x1: scale(low), x2: scale(high), ...pen }),
  );
  const sure = low === undefined ? '' : say(low > 0 ? 'borders_sure' : 'borders_unsure');
  const box = make('td', { class: 'value' }, number(value));
  const figure = { value, low, high, status: 'ok' };
  box.append(' ', smallPrint(intervalText(figure), sure));
  return make(
    'tr',
    { 'data-border': codes.join('|') },
    make(
      'th',
      { scope: 'row' },
      makeButton({ class: 'link' }, () => chooseArea(worse), name),
    ),
    make('td', { class: 'chart' }, chart),
    box,
  );
}

function tableOf(theme, rows) {
  const unit = say(isShare(theme) ? 'unit_share' : 'unit_score');
  const titles = [say('borders_border'), say('ranked_chart'), say('borders_size', { unit })];
  const heads = titles.map((title) => make('th', { scope: 'col' }, title));
  return make(
    'table',
    { class: 'ranked' },
    make('thead', {}, make('tr', {}, ...heads)),
    make('tbody', {}, ...rows),
  );
}

export function borders() {
  const theme = currentTheme();
  const all = contrastsOf(theme);
  if (all.length === 0) return [make('p', { class: 'meaning-of' }, say('borders_nothing'))];
  const { scale } = scaleOf(
    [0, ...all.flatMap(({ value, low, high }) => [value, low, high])],
    [ROW.edge, ROW.width - ROW.edge],
    0,
  );
  const rows = all.map((each) => rowOf(each, scale));
  const rest = rows.slice(MOST);
  return [
    make('p', { class: 'meaning-of' }, say('borders_meaning')),
    tableOf(theme, rows.slice(0, MOST)),
    rest.length > 0
      ? makeFolded(say('inside_more', { count: rest.length }), tableOf(theme, rest))
      : '',
  ];
}
