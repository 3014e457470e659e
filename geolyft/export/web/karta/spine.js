// @ts-check
// One indicator of an area against the city and the range of all areas.

import { INK, makeChart } from './charts.js';
import { classOf, columnOf, coloursOf } from './data.js';
import { makeSvg } from './make.js';

const SPINE = { width: 280, height: 20, reach: 130 };
const RANGE = '#dfe5e9';
const MIDDLE = '#b9c4cd';

/** @param {number[]} sorted */
export function quantile(sorted, share) {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

// All areas' figures of an indicator in order, or nothing when there is nothing to compare.
export function rangeOf(theme, choice) {
  const numbers = columnOf(theme.code, choice)?.value ?? [];
  const known = numbers.slice(0, -1).filter((one) => one !== null);
  const city = numbers.at(-1);
  if (known.length < 2 || city === null) return undefined;
  const sorted = known.map((one) => one / 10).sort((one, other) => one - other);
  return { sorted, city: city / 10, low: sorted[0], high: sorted.at(-1) };
}

// Better is always to the right, and the area furthest from the city reaches an end.
export function spineScale(theme, range) {
  const away = Math.max(Math.abs(range.low - range.city), Math.abs(range.high - range.city), 0.1);
  const side = theme.good === 'low' ? -1 : 1;
  return (value) => {
    const x = SPINE.width / 2 + (side * (value - range.city) * SPINE.reach) / away;
    return Math.min(Math.max(x, 2), SPINE.width - 2);
  };
}

function spineBar(scale, ends, fill) {
  const [left, right] = ends.map(scale).sort((one, other) => one - other);
  const box = { x: left, y: 5, width: Math.max(right - left, 1), height: 10, rx: 1 };
  return makeSvg('rect', { ...box, fill });
}

/** @param {Figure} cell */
function spineDot(theme, cell, scale) {
  const x = scale(cell.value);
  // The city of the same period is the line: the dot has the colour of the difference to it.
  const colour = coloursOf(theme, 'gap')[classOf(theme, 'gap', { ...cell, value: cell.gap })];
  const edge = { fill: (cell.apart && colour) || '#ffffff', stroke: INK, 'stroke-width': 1.5 };
  const dot = makeSvg('circle', { cx: x, cy: 10, r: 5, ...edge });
  if (cell.low === undefined || cell.high === undefined) return [dot];
  const ends = { x1: scale(cell.low), x2: scale(cell.high), y1: 10, y2: 10 };
  return [makeSvg('line', { ...ends, stroke: INK, 'stroke-width': 2 }), dot];
}

export function spine(theme, cell, range) {
  const { width, height } = SPINE;
  const scale = spineScale(theme, range);
  const middle = [quantile(range.sorted, 0.25), quantile(range.sorted, 0.75)];
  const city = { x1: width / 2, x2: width / 2, y1: 1, y2: height - 1 };
  return makeChart(
    'spine',
    SPINE,
    spineBar(scale, [range.low, range.high], RANGE),
    spineBar(scale, middle, MIDDLE),
    makeSvg('line', { ...city, stroke: INK, 'stroke-width': 1.5 }),
    ...(cell === undefined || cell.value === null ? [] : spineDot(theme, cell, scale)),
  );
}
