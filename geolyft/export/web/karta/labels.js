// @ts-check
// The numbers on the map, and which of them have room.

import { mainLevel } from './data.js';
import { leaflet } from './folium.js';
import { make } from './make.js';

// Pixels that two labels may share: their rims, and no digit.
export const TOUCH = 7;
// Ways aside, the nearest first: eight directions, further and further.
const DIRECTIONS = [0, 4, 2, 6, 1, 3, 5, 7].map((eighth) => (eighth * Math.PI) / 4);
/** @type {[number, number][]} */
const STEPS = [
  [0, 0],
  ...[5, 10, 15, 20, 25, 30, 40, 50].flatMap((far) =>
    DIRECTIONS.map((way) => {
      const step = [Math.cos(way) * far, Math.sin(way) * far].map(Math.round);
      return /** @type {[number, number]} */ (step);
    }),
  ),
];

// What the codes of all small areas begin with says nothing on a map.
/** @type {(code: string, level: Level) => string} */
export function shortCode(code, level) {
  if (level === mainLevel) return code;
  const [first] = level.areas;
  let shared = first.code.length;
  for (const area of level.areas) {
    while (!area.code.startsWith(first.code.slice(0, shared))) shared -= 1;
  }
  return shared >= 3 && shared < code.length ? code.slice(shared) : code;
}

export function makeLabel({ code, label }, level, className = 'label') {
  const mark = make('b');
  const number = make('span', { class: 'number' }, shortCode(code, level));
  const text = make('span', { 'aria-hidden': 'true', class: 'name' }, number, mark);
  const icon = leaflet.divIcon({ html: text, className, iconSize: null });
  const options = { icon, interactive: false, keyboard: false, pane: 'etiketter' };
  return { code, mark, text, marker: leaflet.marker(label, options) };
}

export function overlaps(one, other, touch = TOUCH) {
  return (
    one.left + touch < other.right &&
    other.left + touch < one.right &&
    one.top + touch < other.bottom &&
    other.top + touch < one.bottom
  );
}

// Which labels wait until the map is zoomed in: those wider than their area, or that would lie on
// one before them that is shown.
/** @param {{ box: DOMRect, room: { width: number } }[]} labels */
export function waitingOf(labels, touch = TOUCH) {
  const kept = [];
  return labels.map(({ box, room }) => {
    const waits = box.width > room.width || kept.some((other) => overlaps(box, other, touch));
    if (!waits) kept.push(box);
    return waits;
  });
}

// How far each label moves aside so that none lies on one before it: as little as is needed.
/** @type {(boxes: { left: number, right: number, top: number, bottom: number }[]) => [number, number][]} */
export function shiftsOf(boxes) {
  const kept = [];
  return boxes.map((box) => {
    const found = STEPS.find((step) => !kept.some((other) => overlaps(moved(box, step), other)));
    const step = found ?? STEPS[0];
    kept.push(moved(box, step));
    return step;
  });
}

const moved = ({ left, right, top, bottom }, [x, y]) => {
  return { left: left + x, right: right + x, top: top + y, bottom: bottom + y };
};
