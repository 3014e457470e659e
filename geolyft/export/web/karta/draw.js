// @ts-check
// A place drawn on the map, saved as a file for `geolyft place`. Nothing is counted here: the page
// has no residents, and what is drawn leaves the browser only as the reader's own file.

import { save } from './download.js';
import { leaflet, map } from './folium.js';
import { byId } from './make.js';
import { say } from './say.js';
import { tell } from './take.js';

const FEWEST = 3;
// About a decimetre.
const DECIMALS = 6;
const STEP = 40;
const PANS = {
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
};
/** @type {L.LatLng[]} */
let corners = [];
/** @type {L.Polygon} */
let outline;

const isDrawing = () => byId('rita').getAttribute('aria-pressed') === 'true';

function show() {
  outline.setLatLngs(corners);
  byId('hornet-bort').disabled = corners.length === 0;
  byId('plats-spara').disabled = corners.length < FEWEST;
}

function addCorner(corner) {
  corners.push(corner);
  show();
  tell(say('draw_corners', { count: corners.length }));
}

function removeCorner() {
  corners.pop();
  show();
  tell(say('draw_corners', { count: corners.length }));
}

function toggle() {
  const begins = !isDrawing();
  byId('rita').setAttribute('aria-pressed', String(begins));
  byId('ritar').hidden = !begins;
  byId('karta').classList.toggle('drawing', begins);
  corners = [];
  show();
  tell(begins ? say('draw_about') : '');
}

// Before the areas hear of it: a click that draws does not choose. The map's own buttons do.
function pressMap(event) {
  if (!isDrawing() || event.target.closest('.leaflet-control') !== null) return;
  event.stopPropagation();
  addCorner(map.mouseEventToLatLng(event));
}

// By keyboard the map is moved under the cross in its middle.
function pressKey(event) {
  const pan = PANS[event.key];
  if (pan === undefined) return;
  event.preventDefault();
  map.panBy(pan, { animate: false });
}

function savePlace() {
  const ring = [...corners, corners[0]].map(({ lat, lng }) =>
    [lng, lat].map((degrees) => Number(degrees.toFixed(DECIMALS))),
  );
  const geometry = { type: 'Polygon', coordinates: [ring] };
  const feature = { type: 'Feature', properties: { namn: say('draw_name') }, geometry };
  const text = JSON.stringify({ type: 'FeatureCollection', features: [feature] });
  save(new Blob([text], { type: 'application/geo+json' }), 'geojson', 'plats.geojson');
  tell(say('draw_saved'));
}

export function startDrawing() {
  const line = { interactive: false, pane: 'ramar', className: 'drawn', fill: false, weight: 3 };
  outline = leaflet.polygon([], line).addTo(map);
  byId('rita').addEventListener('click', toggle);
  byId('hornet').addEventListener('click', () => addCorner(map.getCenter()));
  byId('hornet').addEventListener('keydown', pressKey);
  byId('hornet-bort').addEventListener('click', removeCorner);
  byId('plats-spara').addEventListener('click', savePlace);
  byId('karta').addEventListener('click', pressMap, true);
}
