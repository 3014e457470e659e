// @ts-check
// What lies around the areas and tells readers where they are: drawn once, quietly, under them. Its
// names are seen when the map is near, where the areas' own labels leave room.

import { data, mainLevel } from './data.js';
import { leaflet, map } from './folium.js';
import { overlaps } from './labels.js';
import { byId, make } from './make.js';
import { isFar } from './map.js';
import { cornersOf } from './shapes.js';

const PANE = 'bakgrund';
/** @type {L.LayerGroup} */
let names;
/** @type {{ name: string, spot: [number, number] }[]} */
let places = [];

/** @param {Background} layer */
function drawShapes({ kind, lines, polygons }) {
  const look = { interactive: false, pane: PANE, className: `ground ${kind}` };
  if (lines) leaflet.polyline(lines.map(cornersOf), { ...look, fill: false }).addTo(map);
  if (!polygons) return;
  leaflet.polygon(polygons.map((rings) => rings.map(cornersOf)), look).addTo(map);
}

// The areas' colours are exact over white, and let what is darker be seen through them. The city's
// edge is what is left of all areas' edges when white has covered them.
function drawCity() {
  const corners = mainLevel.shapes.flatMap((parts) => parts.map((rings) => rings.map(cornersOf)));
  for (const name of ['edge', 'city']) {
    const look = { interactive: false, pane: PANE, className: `ground ${name}`, smoothFactor: 0 };
    leaflet.polygon(corners, look).addTo(map);
  }
}

export const isSeeThrough = () => data.background.some((one) => one.lines || one.polygons);

export function drawBackground() {
  drawCity();
  for (const layer of [...data.background].reverse()) drawShapes(layer);
  byId('karta').classList.toggle('see-through', isSeeThrough());
  places = data.background.flatMap(({ names: told = '', spots = [] }) => {
    const at = cornersOf(spots);
    return told.split('\n').map((name, place) => ({ name, spot: at[place] }));
  });
  places = places.filter(({ name }) => name !== '');
  names = leaflet.layerGroup([]).addTo(map);
}

function nameOf({ name, spot }) {
  const text = make('span', { 'aria-hidden': 'true' }, name);
  const icon = leaflet.divIcon({ html: text, className: 'ground-name', iconSize: null });
  const options = { icon, interactive: false, keyboard: false, pane: 'namn' };
  return { text, marker: leaflet.marker(spot, options) };
}

// Names where nothing else is written: each first come.
/** @param {DOMRect[]} taken */
export function nameBackground(taken) {
  names.clearLayers();
  if (isFar()) return;
  const seen = map.getBounds();
  const made = places.filter(({ spot }) => seen.contains(spot)).map(nameOf);
  for (const { marker } of made) marker.addTo(names);
  const boxes = made.map(({ text }) => text.getBoundingClientRect());
  const kept = [...taken];
  made.forEach(({ marker }, place) => {
    if (kept.some((other) => overlaps(boxes[place], other, 0))) marker.remove();
    else kept.push(boxes[place]);
  });
}
