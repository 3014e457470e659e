// @ts-check
// The frame of the map: how far in it is zoomed, and what lies over the areas.

import { mainLevel } from './data.js';
import { leaflet, map } from './folium.js';
import { say } from './say.js';
import { cornersOf } from './shapes.js';

// How far a map of small areas is zoomed in before they are named on it.
const NEAR = 0.7;
const PANES = { bakgrund: 350, namn: 435, granser: 440, ramar: 450, etiketter: 460 };
let startZoom = 0;
/** @type {L.LatLngBounds} */
let city;
/** @type {number[]} */
let fitted = [];

export const isFar = () => map.getZoom() < startZoom + NEAR;

// At the opening zoom the whole city is in view, and a finger on the map should scroll the page.
function allowDragging() {
  if (map.getZoom() > startZoom) map.dragging.enable();
  else map.dragging.disable();
}

export function fitCity() {
  map.invalidateSize({ animate: false });
  map.setMinZoom(0);
  map.fitBounds(city, { padding: [14, 14], animate: false });
  startZoom = map.getZoom();
  map.setMinZoom(startZoom);
  map.setMaxZoom(startZoom + 5);
  map.setMaxBounds(map.getBounds().pad(0.1));
  allowDragging();
  fitted = viewNow();
}

export function zoomTo(bounds) {
  map.invalidateSize({ animate: false });
  map.fitBounds(bounds, { padding: [14, 14], animate: false });
  fitted = viewNow();
}

// Where the map is, as an address says it.
const viewNow = () => {
  const { lat, lng } = map.getCenter();
  return [lat.toFixed(4), lng.toFixed(4), map.getZoom().toFixed(2)].map(Number);
};

/** @returns {number[] | undefined} */
export function movedTo() {
  const now = viewNow();
  return now.join() === fitted.join() ? undefined : now;
}

/** @param {number[]} place */
export function moveTo([lat, lng, zoom]) {
  map.setView([lat, lng], zoom, { animate: false });
}

// A ring of its own: raising the focused path to the top would move it and lose the focus.
export function makeRing(className) {
  const options = { interactive: false, fill: false, pane: 'ramar' };
  const under = leaflet.polygon([], { ...options, className: className + ' under', weight: 7 });
  const over = leaflet.polygon([], { ...options, className: className + ' over', weight: 3 });
  leaflet.layerGroup([under, over]).addTo(map);
  return {
    show(layer) {
      const corners = layer?.getLatLngs() ?? [];
      for (const line of [under, over]) line.setLatLngs(corners);
    },
  };
}

export function startFrame() {
  city = leaflet.latLngBounds(mainLevel.shapes.flat(2).flatMap(cornersOf));
  for (const [pane, layer] of Object.entries(PANES)) {
    const { style } = map.createPane(pane);
    style.zIndex = String(layer);
    style.pointerEvents = 'none';
  }
  const zoom = { zoomInTitle: say('zoom_in'), zoomOutTitle: say('zoom_out') };
  leaflet.control.zoom(zoom).addTo(map);
  leaflet.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
  map.on('zoomend', allowDragging);
}
