// @ts-check
// Small pictures of figures that also stand in words beside them; they are decoration to those who
// listen.

import { data } from './data.js';
import { makeSvg } from './make.js';

export const INK = 'palette(ink)';
export const SOFT = 'palette(soft)';
export const LINE = 'palette(link)';

export function makeChart(name, { width, height }, ...parts) {
  const box = { class: name, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' };
  return makeSvg('svg', box, ...parts);
}

// A bar to the left or right of zero.
export function bar(value, reach) {
  const width = Math.min(Math.abs(value) / reach, 1) * 50;
  const x = value < 0 ? 50 - width : 50;
  const fill = data.colours.score.at(value < 0 ? 0 : -1);
  return makeSvg(
    'svg',
    { class: 'bar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    makeSvg('rect', { x: 0, y: 4.5, width: 100, height: 1, fill: '#d5dbe0' }),
    makeSvg('rect', { x, y: 1, width, height: 8, fill }),
    makeSvg('rect', { x: 49.7, y: 0, width: 0.6, height: 10, fill: SOFT }),
  );
}

export function chartText(text, attributes) {
  const label = makeSvg('text', { 'font-size': 11, fill: SOFT, ...attributes });
  label.textContent = text;
  return label;
}

// A straight scale on which all known numbers have room.
/** @type {(numbers: (number | null | undefined)[], ends: [number, number], share?: number) => any} */
export function scaleOf(numbers, [from, to], share = 0.05) {
  const known = numbers.filter((one) => one !== null && one !== undefined);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const room = Math.max((most - least) * share, 0.5);
  const [low, high] = [least - room, most + room];
  return { low, high, scale: (value) => from + ((value - low) * (to - from)) / (high - low) };
}
