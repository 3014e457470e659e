// @ts-check
// Lines along the borders of the areas on the map. Neighbours are drawn with the same corners, so
// that a border is the steps that both sides have.

import { layersOnMap } from './areas.js';
import { contrastsOf, widthOf } from './borders.js';
import { leaflet, map } from './folium.js';
import { currentLevel, currentTheme } from './state.js';

/** @type {Map<string, Map<string, any[]>>} */
const found = new Map();
/** @type {any} */
let lines;

const ringsOf = (corners) => (corners[0]?.lat === undefined ? corners.flatMap(ringsOf) : [corners]);
const nameOf = (corner) => `${corner.lat.toFixed(6)},${corner.lng.toFixed(6)}`;

function edgesOf(corners) {
  return ringsOf(corners).flatMap((ring) =>
    ring.map((corner, n) => [corner, ring[(n + 1) % ring.length]]),
  );
}

// The steps that two areas have in common, by the two.
export function sharedEdges(layers) {
  const owner = new Map();
  const shared = new Map();
  for (const [code, layer] of layers) {
    for (const edge of edgesOf(layer.getLatLngs())) {
      const key = edge.map(nameOf).sort().join(' ');
      const other = owner.get(key);
      owner.set(key, code);
      if (other === undefined || other === code) continue;
      const pair = `${other}|${code}`;
      shared.set(pair, [...(shared.get(pair) ?? []), edge]);
    }
  }
  return shared;
}

function edgesOnMap() {
  const { code } = currentLevel();
  if (!found.has(code)) found.set(code, sharedEdges(layersOnMap()));
  return found.get(code);
}

export function showContrasts(isShown) {
  lines?.remove();
  lines = undefined;
  if (!isShown) return;
  const theme = currentTheme();
  const edges = edgesOnMap();
  const options = { interactive: false, pane: 'granser', className: 'contrast' };
  const all = contrastsOf(theme).map(({ codes, value }) =>
    leaflet.polyline(edges.get(codes.join('|')) ?? [], {
      ...options,
      weight: widthOf(theme, value),
    }),
  );
  lines = leaflet.layerGroup(all).addTo(map);
}
