// The areas on the map, for mouse, finger and keyboard. `karta` and `omraden` are the map and the
// layer of the run's own areas that folium wrote; smaller areas are drawn when they are asked for.
'use strict';

const STEPS_PER_DEGREE = 100000;
// With more areas than this, the tab key passes the map in one step and the arrow keys move in it.
const MOST_TAB_STOPS = 30;
// Pixels that two labels may share.
const TOUCH = 3;
// How far a map of small areas is zoomed in before they are named on it.
const NEAR = 0.7;
const drawn = new Map();
const rings = {};
let onMap = null;

// ---- shapes ----

// A ring is a place, then steps from corner to corner, latitude and longitude in turn.
function cornersOf(steps) {
  const corners = [];
  let [latitude, longitude] = [0, 0];
  for (let n = 0; n < steps.length; n += 2) {
    latitude += steps[n];
    longitude += steps[n + 1];
    corners.push([latitude / STEPS_PER_DEGREE, longitude / STEPS_PER_DEGREE]);
  }
  return corners;
}

function drawSmall(level) {
  // Leaflet would simplify each area by itself and open gaps between neighbours.
  const options = { smoothFactor: 0 };
  const layers = level.shapes.map((polygons) =>
    L.polygon(
      polygons.map((parts) => parts.map(cornersOf)),
      options,
    ),
  );
  return { group: L.featureGroup(layers), byPlace: layers };
}

function drawMain() {
  const byPlace = [];
  omraden.eachLayer((layer) => {
    byPlace[layer.feature.properties.place] = layer;
  });
  omraden.remove();
  return { group: omraden, byPlace };
}

function drawLevel(level) {
  if (drawn.has(level.code)) return drawn.get(level.code);
  const made = level === mainLevel ? drawMain() : drawSmall(level);
  made.layers = new Map(level.areas.map(({ code }, place) => [code, made.byPlace[place]]));
  for (const [code, layer] of made.layers) prepareArea(layer, code, level);
  made.labels = level.areas.map((area) => makeLabel(area, level));
  drawn.set(level.code, made);
  return made;
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
  path.setAttribute('tabindex', level.areas.length > MOST_TAB_STOPS ? '-1' : '0');
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

const DIRECTIONS = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

// The nearest area in the arrow's direction; what lies askew counts as further away.
function moveFocus(code, key) {
  const [right, down] = DIRECTIONS[key];
  const here = karta.latLngToLayerPoint(areaOf(code).label);
  let [nearest, shortest] = [null, Infinity];
  for (const area of currentLevel().areas) {
    const there = karta.latLngToLayerPoint(area.label);
    const [x, y] = [there.x - here.x, there.y - here.y];
    const [along, aside] = [x * right + y * down, Math.abs(x * down) + Math.abs(y * right)];
    if (along <= 0 || aside > along * 2) continue;
    if (along + aside < shortest) [nearest, shortest] = [area.code, along + aside];
  }
  if (nearest !== null) focusArea(nearest);
}

function focusArea(code) {
  if (currentLevel().areas.length > MOST_TAB_STOPS) makeTabStop(code);
  onMap.layers.get(code).getElement().focus({ preventScroll: true });
}

function makeTabStop(code) {
  for (const [each, layer] of onMap.layers) {
    layer.getElement().setAttribute('tabindex', each === code ? '0' : '-1');
  }
}

// A ring of its own: raising the focused path to the top would move it and lose the focus.
function makeRing(className) {
  const options = { interactive: false, fill: false, pane: 'ramar' };
  const under = L.polygon([], { ...options, className: className + ' under', weight: 7 });
  const over = L.polygon([], { ...options, className: className + ' over', weight: 3 });
  const ring = L.layerGroup([under, over]).addTo(karta);
  return {
    show(layer) {
      const corners = layer ? layer.getLatLngs() : [];
      ring.eachLayer((line) => line.setLatLngs(corners));
    },
  };
}

// ---- names ----

function describe(code, figure) {
  const theme = themeByCode.get(state.theme);
  const parts = [
    intervalText(figure),
    meaningOf(theme, state.view, figure),
    certaintyText(figure),
    isPartial(figure) ? countedText(theme, figure) : '',
    reasonText(figure),
    statusText(figure),
  ];
  return {
    name: columnName(theme, state.view),
    text: fullText(theme, figure, state.view),
    more: parts.filter(Boolean).join(', '),
  };
}

function hoverBox(code) {
  const { name, text, more } = describe(code, figureOf(state.theme, code));
  const area = areaOf(code);
  const parent = parentOf(area);
  return make(
    'div',
    {},
    make('strong', {}, areaTitle(code)),
    parent === undefined ? '' : make('span', { class: 'where' }, areaTitle(parent, mainLevel)),
    make('span', { class: 'figure' }, `${name} ${text}`),
    make('span', {}, more),
  );
}

function spokenName(code, figure) {
  const { name, text, more } = describe(code, figure);
  return `${areaTitle(code)}: ${name} ${text}${more ? ', ' + more : ''}`;
}

// ---- labels ----

// What the codes of all small areas begin with says nothing on a map.
function shortCode(code, level) {
  if (level === mainLevel) return code;
  const [first] = level.areas;
  let shared = first.code.length;
  for (const area of level.areas) {
    while (!area.code.startsWith(first.code.slice(0, shared))) shared -= 1;
  }
  return shared >= 3 && shared < code.length ? code.slice(shared) : code;
}

function makeLabel({ code, label }, level, className = 'label') {
  const text = make('span', { 'aria-hidden': 'true' }, shortCode(code, level));
  const mark = make('b', {});
  text.append(mark);
  const icon = L.divIcon({ html: text, className, iconSize: null });
  const options = { icon, interactive: false, keyboard: false, pane: 'etiketter' };
  return { code, mark, text, marker: L.marker(label, options) };
}

function overlaps(one, other) {
  return (
    one.left + TOUCH < other.right &&
    other.left + TOUCH < one.right &&
    one.top + TOUCH < other.bottom &&
    other.top + TOUCH < one.bottom
  );
}

// Labels wider than their area, or that would lie on another, wait until the map is zoomed in; the
// hover names every area. All is measured before anything changes, so that it is measured once.
function thinLabels() {
  const far = currentLevel() !== mainLevel && karta.getZoom() < startZoom + NEAR;
  byId('karta').classList.toggle('far', far);
  if (far) return;
  const measured = onMap.labels.map(({ code, marker, text }) => ({
    element: marker.getElement(),
    room: onMap.layers.get(code).getElement().getBoundingClientRect(),
    box: text.getBoundingClientRect(),
  }));
  const kept = [];
  for (const { element, room, box } of measured) {
    const waits = box.width > room.width || kept.some((other) => overlaps(box, other));
    element.classList.toggle('waiting', waits);
    if (!waits) kept.push(box);
  }
}

// ---- what is on the map ----

function putOnMap(level) {
  const wanted = drawLevel(level);
  if (wanted === onMap) return;
  if (onMap !== null) {
    onMap.group.remove();
    for (const { marker } of onMap.labels) marker.remove();
  }
  onMap = wanted;
  onMap.group.addTo(karta);
  for (const { marker } of onMap.labels) marker.addTo(karta);
  rings.focus.show(null);
  showOutline(level);
}

// Smaller areas are seen within the run's own, which are named until the small ones have room.
function showOutline(level) {
  if (rings.outline === undefined) {
    const corners = [...drawLevel(mainLevel).layers.values()].map((layer) => layer.getLatLngs());
    const options = { interactive: false, fill: false, pane: 'granser', className: 'outline' };
    const names = mainLevel.areas.map((area) => makeLabel(area, mainLevel, 'label quiet').marker);
    rings.outline = L.layerGroup([...corners.map((each) => L.polygon(each, options)), ...names]);
  }
  if (level === mainLevel) rings.outline.remove();
  else rings.outline.addTo(karta);
}

function showMap(theme, figures) {
  putOnMap(currentLevel());
  figures.forEach((figure, place) => {
    const { code, mark } = onMap.labels[place];
    const layer = onMap.layers.get(code);
    layer.closeTooltip();
    layer.setStyle(styleOf(theme, state.view, figure));
    layer.getElement().setAttribute('aria-label', spokenName(code, figure));
    mark.textContent = sideMark(theme, state.view, figure);
  });
}

function markArea() {
  const codes = currentLevel().areas.map(({ code }) => code);
  for (const [code, layer] of onMap.layers) {
    layer.getElement().setAttribute('aria-pressed', String(code === state.area));
  }
  rings.chosen.show(onMap.layers.get(state.area) || null);
  if (codes.length > MOST_TAB_STOPS) makeTabStop(state.area === CITY ? codes[0] : state.area);
}

// ---- start ----

let startZoom = 0;

// At the opening zoom the whole city is in view, and a finger on the map should scroll the page.
function allowDragging() {
  if (karta.getZoom() > startZoom) karta.dragging.enable();
  else karta.dragging.disable();
}

function fitCity() {
  karta.invalidateSize({ animate: false });
  karta.setMinZoom(0);
  karta.fitBounds(omraden.getBounds(), { padding: [14, 14], animate: false });
  startZoom = karta.getZoom();
  karta.setMinZoom(startZoom);
  karta.setMaxZoom(startZoom + 5);
  karta.setMaxBounds(karta.getBounds().pad(0.1));
  allowDragging();
}

function startMap() {
  const panes = { granser: 440, ramar: 450, etiketter: 460 };
  for (const [pane, layer] of Object.entries(panes)) {
    karta.createPane(pane).style.zIndex = String(layer);
    karta.getPane(pane).style.pointerEvents = 'none';
  }
  const zoom = { zoomInTitle: say('zoom_in'), zoomOutTitle: say('zoom_out') };
  L.control.zoom(zoom).addTo(karta);
  L.control.scale({ imperial: false, position: 'bottomright' }).addTo(karta);
  rings.chosen = makeRing('chosen-ring');
  rings.focus = makeRing('focus-ring');
  fitCity();
  putOnMap(mainLevel);
  karta.on('zoomend', allowDragging);
  karta.on('zoomend moveend', thinLabels);
}
