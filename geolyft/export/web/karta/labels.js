// @ts-check
// The numbers on the map, and which of them have room.

import { mainLevel } from './data.js';
import { leaflet } from './folium.js';
import { make } from './make.js';

// Pixels that two labels may share: their rims, and no digit.
const TOUCH = 7;

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
  const text = make('span', { 'aria-hidden': 'true' }, shortCode(code, level), mark);
  const icon = leaflet.divIcon({ html: text, className, iconSize: null });
  const options = { icon, interactive: false, keyboard: false, pane: 'etiketter' };
  return { code, mark, text, marker: leaflet.marker(label, options) };
}

function overlaps(one, other) {
  return (
    one.left + TOUCH < other.right &&
    other.left + TOUCH < one.right &&
    one.top + TOUCH < other.bottom &&
    other.top + TOUCH < one.bottom
  );
}

// Which labels wait until the map is zoomed in: those wider than their area, or that would lie on
// one before them that is shown.
/** @param {{ box: DOMRect, room: { width: number } }[]} labels */
export function waitingOf(labels) {
  const kept = [];
  return labels.map(({ box, room }) => {
    const waits = box.width > room.width || kept.some((other) => overlaps(box, other));
    if (!waits) kept.push(box);
    return waits;
  });
}
