// @ts-check
// The areas on the map, for mouse, finger and keyboard. Those of a level are drawn when they are
// asked for.

import { drawBackground, nameBackground } from './background.js';
import { chooseArea, page } from './choose.js';
import { CITY, mainLevel } from './data.js';
import { sideMark, styleOf } from './fills.js';
import { leaflet, map } from './folium.js';
import { hoverBox, spokenName } from './hover.js';
import { TOUCH, makeLabel, shiftsOf, waitingOf } from './labels.js';
import { byId } from './make.js';
import { fitCity, isFar, makeRing, startFrame, zoomTo } from './map.js';
import { areaOf, parentOf } from './say.js';
import { cornersOf } from './shapes.js';
import { currentLevel, isLarge, state } from './state.js';

const DIRECTIONS = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
/** @type {Map<string, Drawing>} */
const drawn = new Map();
/** @type {Record<string, any>} */
const rings = {};
/** @type {Drawing} */
let onMap;

/** @type {(level: Level) => Drawing} */
function drawLevel(level) {
  if (drawn.has(level.code)) return drawn.get(level.code);
  const shapes = level.shapes.map((polygons) => polygons.map((parts) => parts.map(cornersOf)));
  // Leaflet would simplify each area by itself and open gaps between neighbours.
  const byPlace = shapes.map((corners) => leaflet.polygon(corners, { smoothFactor: 0 }));
  const layers = new Map(level.areas.map(({ code }, place) => [code, byPlace[place]]));
  for (const [code, layer] of layers) prepareArea(layer, code, level);
  const group = leaflet.featureGroup(byPlace);
  const drawing = { group, layers, labels: level.areas.map((area) => makeLabel(area, level)) };
  drawn.set(level.code, drawing);
  return drawing;
}

// ---- mouse and keyboard ----

function prepareArea(layer, code, level) {
  layer.bindTooltip(() => hoverBox(code), { sticky: true, className: 'hover', opacity: 1 });
  layer.on('mouseover', () => rings.focus.show(layer));
  layer.on('mouseout', () => rings.focus.show(null));
  layer.on('click', () => chooseArea(code));
  // Leaflet makes a new path each time a layer comes onto the map.
  layer.on('add', () => preparePath(layer, code, level));
}

function preparePath(layer, code, level) {
  const path = layer.getElement();
  path.setAttribute('tabindex', isLarge(level) ? '-1' : '0');
  path.setAttribute('role', 'button');
  path.setAttribute('data-area', code);
  path.addEventListener('focus', () => rings.focus.show(layer));
  path.addEventListener('blur', () => rings.focus.show(null));
  path.addEventListener('keydown', (event) => pressKey(event, layer, code));
}

function pressKey(event, layer, code) {
  if (event.key === 'Escape') layer.closeTooltip();
  if (event.key.startsWith('Arrow')) {
    event.preventDefault();
    event.stopPropagation();
    moveFocus(code, event.key);
  }
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  chooseArea(code, { follow: true });
}

// The nearest area in the arrow's direction; what lies askew counts as further away.
function moveFocus(code, key) {
  const [right, down] = DIRECTIONS[key];
  const here = map.latLngToLayerPoint(areaOf(code).label);
  let [nearest, shortest] = [null, Infinity];
  for (const area of currentLevel().areas) {
    const there = map.latLngToLayerPoint(area.label);
    const [x, y] = [there.x - here.x, there.y - here.y];
    const [along, aside] = [x * right + y * down, Math.abs(x * down) + Math.abs(y * right)];
    if (along <= 0 || aside > along * 2) continue;
    if (along + aside < shortest) [nearest, shortest] = [area.code, along + aside];
  }
  if (nearest !== null) focusArea(nearest);
}

function focusArea(code) {
  if (isLarge(currentLevel())) makeTabStop(code);
  pathOf(onMap.layers.get(code)).focus({ preventScroll: true });
}

function makeTabStop(code) {
  for (const [each, layer] of onMap.layers) {
    pathOf(layer).setAttribute('tabindex', each === code ? '0' : '-1');
  }
}

/** @type {(layer: any) => SVGElement} */
const pathOf = (layer) => layer.getElement();

export function backToCity() {
  const left = state.area;
  state.area = CITY;
  page.updateArea();
  // The button that had the focus is gone; the area it was about is where the reader came from.
  if (onMap.layers.has(left)) focusArea(left);
  else byId('panel-rubrik').focus();
}

// ---- what is on the map ----

// The hover names an area whose label waits. All is measured before anything changes, so that it is
// measured once. A few areas are known by their numbers: those never wait, but move aside.
export function thinLabels() {
  thinAreas();
  const shown = onMap.labels.filter(({ marker }) => !isWaiting(marker));
  nameBackground(shown.map(({ text }) => text.getBoundingClientRect()));
}

const isWaiting = (marker) => marker.getElement().classList.contains('waiting');

function thinAreas() {
  const far = currentLevel() !== mainLevel && isFar();
  byId('karta').classList.toggle('far', far);
  if (!isLarge(currentLevel())) {
    moveLabels();
    return;
  }
  const measured = onMap.labels.map(({ code, text }) => ({
    room: pathOf(onMap.layers.get(code)).getBoundingClientRect(),
    box: text.getBoundingClientRect(),
  }));
  waitingOf(measured, far ? 1 : TOUCH).forEach((waits, place) =>
    onMap.labels[place].marker.getElement().classList.toggle('waiting', waits),
  );
}

function moveLabels() {
  const texts = onMap.labels.map(({ text }) => text);
  for (const { style } of texts) style.margin = '';
  const boxes = texts.map((text) => text.getBoundingClientRect());
  shiftsOf(boxes).forEach(([x, y], place) => {
    if (x !== 0 || y !== 0) texts[place].style.margin = `${y}px 0 0 ${x}px`;
  });
}

function putOnMap(level) {
  const wanted = drawLevel(level);
  if (wanted === onMap) return;
  onMap?.group.remove();
  for (const { marker } of onMap?.labels ?? []) marker.remove();
  onMap = wanted;
  onMap.group.addTo(map);
  for (const { marker } of onMap.labels) marker.addTo(map);
  rings.focus.show(null);
  showOutline(level);
}

// Smaller areas are seen within the run's own, which are named until the small ones have room.
function showOutline(level) {
  if (rings.outline === undefined) {
    const corners = [...drawLevel(mainLevel).layers.values()].map((layer) => layer.getLatLngs());
    const options = { interactive: false, fill: false, pane: 'granser', className: 'outline' };
    const names = mainLevel.areas.map((area) => makeLabel(area, mainLevel, 'label quiet').marker);
    const lines = corners.map((each) => leaflet.polygon(each, options));
    rings.outline = leaflet.layerGroup([...lines, ...names]);
  }
  if (level === mainLevel) rings.outline.remove();
  else rings.outline.addTo(map);
}

export const layersOnMap = () => onMap.layers;
export const labelsOnMap = () => onMap.labels;

export function showMap(theme, figures) {
  putOnMap(currentLevel());
  figures.forEach((figure, place) => {
    const { code, mark } = onMap.labels[place];
    const layer = onMap.layers.get(code);
    layer.closeTooltip();
    layer.setStyle(styleOf(theme, state.view, figure));
    pathOf(layer).setAttribute('aria-label', spokenName(code, figure));
    mark.textContent = sideMark(theme, state.view, figure);
  });
}

// Smaller areas are zoomed to the area that is chosen around them, once: then the map is the
// reader's to move.
let placed = { level: mainLevel.code, home: '' };

function followArea() {
  const { level, area } = state;
  const isSmall = level !== mainLevel.code && area !== CITY;
  const isInside = isSmall && currentLevel().placeOf.has(area);
  let home = isSmall ? area : '';
  if (isInside) home = level === placed.level ? placed.home : (parentOf(areaOf(area)) ?? '');
  if (level === placed.level && home === placed.home) return;
  placed = { level, home };
  if (home === '') fitCity();
  else zoomTo(drawLevel(mainLevel).layers.get(home).getBounds());
}

export function markArea() {
  followArea();
  for (const [code, layer] of onMap.layers) {
    pathOf(layer).setAttribute('aria-pressed', String(code === state.area));
  }
  const { areas } = currentLevel();
  const isHere = onMap.layers.has(state.area);
  const around = isHere ? onMap : drawLevel(mainLevel);
  rings.chosen.show(around.layers.get(state.area));
  if (!isLarge(currentLevel())) return;
  const inside = areas.find((area) => parentOf(area) === state.area) ?? areas[0];
  makeTabStop(isHere ? state.area : inside.code);
}

export function startMap() {
  startFrame();
  drawBackground();
  rings.chosen = makeRing('chosen-ring');
  rings.focus = makeRing('focus-ring');
  fitCity();
  putOnMap(mainLevel);
  map.on('zoomend moveend', thinLabels);
}
