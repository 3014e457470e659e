// @ts-check
// A theme over the periods: a chart, and the same figures as a table.

import { LINE, SOFT, chartText, makeChart, scaleOf } from './charts.js';
import { CITY, cellOf, changeOf, data, isPartial, isShare } from './data.js';
import { byId, make, makeFolded, makeSvg, makeTitle, smallPrint } from './make.js';
import { areaTitle, intervalText, number, reasonText, say, statusText, valueText } from './say.js';
import { choiceOf, currentTheme, levelOf } from './state.js';

const TREND = { width: 280, height: 120, left: 34, right: 8, top: 8, bottom: 22 };

// Whether two periods may be joined by a line: both known, whole, and not the same figure carried.
/** @type {(theme: Theme, one: Figure, other: Figure) => boolean} */
export function mayJoin(theme, one, other) {
  if (one.value === null || other.value === null) return false;
  if (isPartial(one) || isPartial(other)) return false;
  if (!isShare(theme)) return data.between.length > 0;
  return one.reference === undefined || one.reference !== other.reference;
}

// The city's figures are those of the level that the area is of.
export const trendCells = (theme, code, area = code) =>
  levelOf(area).periods.map((period) => cellOf(theme.code, code, { ...choiceOf(area), period }));

function trendSeries(theme, code, area = code) {
  const { reason } = changeOf(theme.code, code, choiceOf(area));
  const stopped = ['break', 'noise', 'scale'].includes(reason);
  return trendCells(theme, code, area).map((cell, n, cells) => ({
    cell,
    joined: n > 0 && !stopped && mayJoin(theme, cells[n - 1], cell),
  }));
}

function trendScale(series) {
  const all = series.flat().flatMap(({ cell }) => [cell.value, cell.low, cell.high]);
  const { width, height, left, right, top, bottom } = TREND;
  const { low, high, scale: y } = scaleOf(all, [height - bottom, top], 0.08);
  const steps = Math.max(series[0].length - 1, 1);
  return { low, high, y, x: (n) => left + 8 + (n * (width - left - right - 16)) / steps };
}

function trendLine(points, scale, attributes) {
  const steps = points.map(({ cell, joined }, n) => {
    if (cell.value === null) return '';
    return `${joined ? 'L' : 'M'}${scale.x(n).toFixed(1)} ${scale.y(cell.value).toFixed(1)}`;
  });
  return makeSvg('path', { d: steps.join('') || 'M0 0', fill: 'none', ...attributes });
}

function trendBand(points, scale) {
  return points.flatMap(({ cell, joined }, n) => {
    const before = points[n - 1]?.cell;
    if (!joined || cell.low === undefined || before.low === undefined) return [];
    const corners = [
      [n - 1, before.high],
      [n, cell.high],
      [n, cell.low],
      [n - 1, before.low],
    ].map(([place, value]) => `${scale.x(place).toFixed(1)},${scale.y(value).toFixed(1)}`);
    return [makeSvg('polygon', { points: corners.join(' '), fill: LINE, 'fill-opacity': 0.16 })];
  });
}

function trendDots(points, scale) {
  return points.flatMap(({ cell }, n) => {
    if (cell.value === null) return [];
    const [x, y] = [scale.x(n), scale.y(cell.value)];
    const pen = { stroke: LINE, 'stroke-width': 1.5 };
    const fill = isPartial(cell) ? '#ffffff' : LINE;
    const dot = makeSvg('circle', { cx: x, cy: y, r: 3.5, ...pen, fill });
    if (cell.low === undefined) return [dot];
    const ends = { y1: scale.y(cell.low), y2: scale.y(cell.high) };
    return [makeSvg('line', { x1: x, x2: x, ...pen, ...ends }), dot];
  });
}

function trendAxes(scale, periods) {
  const { width, height, left, right, bottom } = TREND;
  const levels = [scale.low, (scale.low + scale.high) / 2, scale.high];
  const lines = levels.flatMap((value) => {
    const y = scale.y(value);
    const ends = { x1: left, x2: width - right, y1: y, y2: y };
    const text = chartText(number(value, 0), { x: left - 5, y: y + 4, 'text-anchor': 'end' });
    return [makeSvg('line', { ...ends, stroke: 'palette(grid)', 'stroke-width': 1 }), text];
  });
  // As many periods as have room.
  const every = Math.ceil((periods.length * Math.max(...periods.map((one) => one.length))) / 32);
  const names = periods.map((period, n) =>
    (periods.length - 1 - n) % every === 0
      ? chartText(period, { x: scale.x(n), y: height - bottom + 16, 'text-anchor': 'middle' })
      : '',
  );
  return [...lines, ...names];
}

// Of several areas on one scale, where they are told.
export function trendChart(theme, code, others = [code]) {
  const series = trendSeries(theme, code);
  const city = code === CITY ? [] : trendSeries(theme, CITY, code);
  const scale = trendScale([series, city, ...others.map((other) => trendSeries(theme, other))]);
  const dashed = { stroke: SOFT, 'stroke-width': 1.5, 'stroke-dasharray': '5 4' };
  return makeChart(
    'trend',
    TREND,
    ...trendAxes(scale, levelOf(code).periods),
    ...trendBand(series, scale),
    city.length > 0 ? trendLine(city, scale, dashed) : '',
    trendLine(series, scale, { stroke: LINE, 'stroke-width': 2.5 }),
    ...trendDots(series, scale),
  );
}

function trendRow(theme, period, area) {
  const [cell, city] = [area, CITY].map((code) =>
    cellOf(theme.code, code, { ...choiceOf(area), period }),
  );
  const value = make('td', { class: 'value' }, valueText(theme, cell));
  value.append(smallPrint(intervalText(cell), statusText(cell)));
  const row = make('tr', {}, make('th', { scope: 'row' }, period), value);
  if (area !== CITY) row.append(make('td', { class: 'value' }, valueText(theme, city)));
  return row;
}

export function trendTable(theme, area) {
  const first = byId('period-namn').textContent;
  const names = [first, areaTitle(area), ...(area === CITY ? [] : [data.city])];
  const heads = names.map((name) => make('th', { scope: 'col' }, name));
  const rows = levelOf(area).periods.map((period) => trendRow(theme, period, area));
  const [head, body] = [make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows)];
  return makeFolded(say('trend_table'), make('table', { class: 'over-time' }, head, body));
}

export function trend(area) {
  const theme = currentTheme();
  if (trendCells(theme, area).filter((cell) => cell.value !== null).length < 2) return [];
  const reason = reasonText(changeOf(theme.code, area, choiceOf(area)));
  const key = area === CITY ? 'trend_city_meaning' : 'trend_meaning';
  const not = say('trend_not', { reason });
  return [
    ...makeTitle(say('trend', { theme: theme.short }), say(key)),
    trendChart(theme, area),
    reason === '' ? '' : make('p', { class: 'meaning-of' }, not),
    trendTable(theme, area),
  ];
}
