// The map, its legend and the state that ties everything together. `karta` and `omraden`
// are the map and the layer of areas that folium wrote; an area knows its place in data.areas.
'use strict';

const OUTLINE = '#46535e';
const layers = new Map();
let startZoom = 0;

// ---- how an area looks ------------------------------------------------------------------------

function fillOf(cell) {
  if (cell.value === null) return `url(#monster-${isHidden(cell) ? 'dold' : 'saknas'})`;
  // A figure without a class can only be the city's, which is not drawn.
  if (cell.class === undefined) return 'url(#monster-saknas)';
  return isPartial(cell) ? `url(#monster-delvis-${cell.class})` : data.colours[cell.class];
}

function styleOf(cell) {
  const partial = cell.value !== null && isPartial(cell);
  return {
    fillColor: fillOf(cell),
    fillOpacity: 1,
    color: OUTLINE,
    weight: partial ? 2 : 1.2,
    dashArray: partial ? '5 4' : null,
  };
}

function describe(code) {
  const theme = themeByCode.get(state.theme);
  const cell = cellOf(state.theme, state.period, code);
  const counted = isPartial(cell) ? countedText(cell) : '';
  const parts = [
    intervalText(cell),
    meaningOf(theme, cell),
    certaintyText(cell),
    counted,
    statusText(cell),
  ];
  return { theme, text: valueText(theme, cell), more: parts.filter(Boolean).join(', ') };
}

function hoverBox(code) {
  const { theme, text, more } = describe(code);
  return make(
    'div',
    {},
    make('strong', {}, `${code} ${areaName(code)}`),
    make('span', { class: 'figure' }, `${theme.short} ${text}`),
    make('span', {}, more),
  );
}

function nameOf(code) {
  const { theme, text, more } = describe(code);
  return `${code} ${areaName(code)}: ${theme.short} ${text}${more ? ', ' + more : ''}`;
}

// ---- areas that mouse and keyboard can use ------------------------------------------------------

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

function prepareArea(layer, focusRing) {
  const { code } = data.areas[layer.feature.properties.place];
  const path = layer.getElement();
  layers.set(code, layer);
  path.setAttribute('tabindex', '0');
  path.setAttribute('role', 'button');
  path.setAttribute('data-area', code);
  layer.bindTooltip(() => hoverBox(code), { sticky: true, className: 'hover', opacity: 1 });
  layer.on('mouseover', () => focusRing.show(layer));
  layer.on('mouseout', () => focusRing.show(null));
  layer.on('click', () => choose(code));
  path.addEventListener('focus', () => focusRing.show(layer));
  path.addEventListener('blur', () => focusRing.show(null));
  path.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') layer.closeTooltip();
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    choose(code, { follow: true });
  });
}

function choose(code, { follow = false } = {}) {
  state.area = code;
  update();
  announce(say('announce_area', { area: areaName(code) }));
  const stacked = window.matchMedia('(max-width: 60rem)').matches;
  if (follow || stacked) document.getElementById('panel-rubrik').focus();
}

function backToCity() {
  const left = layers.get(state.area);
  state.area = CITY;
  update();
  // The button that had the focus is gone; the area it was about is where the reader came from.
  if (left) left.getElement().focus({ preventScroll: true });
}

function announce(text) {
  document.getElementById('meddelande').textContent = text;
}

// ---- labels ---------------------------------------------------------------------------------------

function addLabels() {
  return data.areas.map(({ code, label }) => {
    const text = make('span', { 'aria-hidden': 'true' }, code);
    const icon = L.divIcon({ html: text, className: 'label', iconSize: null });
    return L.marker(label, { icon, interactive: false, keyboard: false, pane: 'etiketter' }).addTo(
      karta,
    );
  });
}

function overlaps(one, other) {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}

// Labels wider than their area, or that would lie on another, wait until the map is zoomed in; the
// hover names every area.
function thinLabels(labels) {
  const kept = [];
  labels.forEach((marker, place) => {
    const element = marker.getElement();
    const room = layers.get(data.areas[place].code).getElement().getBoundingClientRect();
    const box = element.firstElementChild.getBoundingClientRect();
    const waits = box.width > room.width || kept.some((other) => overlaps(box, other));
    element.classList.toggle('waiting', waits);
    if (!waits) kept.push(box);
  });
}

// ---- heading and legend -----------------------------------------------------------------------

function statusSentences() {
  return Object.entries(themeStatuses())
    .filter(([, statuses]) => statuses.length > 0)
    .map(([key, statuses]) => say(key, { status: statuses.join(', ') }));
}

function yearsText() {
  const cells = Object.values(data.values[state.theme][state.period]);
  const years = new Set(cells.map((cell) => cell.reference).filter(Boolean));
  return years.size > 0 ? say('theme_years', { years: [...years].sort().join(', ') }) : '';
}

function showHeading(theme) {
  const heading = document.getElementById('tema-rubrik');
  heading.replaceChildren(theme.name, ' ', make('span', { class: 'when' }, state.period));
  const box = document.getElementById('tema-text');
  box.replaceChildren();
  if (theme.empty) box.append(make('p', { class: 'nothing' }, say('theme_empty')));
  const [share, ...rest] = theme.about;
  const about = make('p', {}, make('span', isShare(theme) ? { lang: CATALOGUE_LANG } : {}, share));
  about.append(' ' + [...rest, yearsText(), ...statusSentences()].filter(Boolean).join(' '));
  box.append(about);
  if (theme.notes.length === 0) return;
  const notes = theme.notes.map((note) => make('li', { lang: CATALOGUE_LANG }, note));
  const more = make('details', {}, make('summary', {}, say('notes')), make('ul', {}, ...notes));
  box.append(more);
}

function swatch(fill, dashed) {
  const edge = {
    x: 0.5,
    y: 0.5,
    width: 31,
    height: 17,
    fill,
    stroke: OUTLINE,
    'stroke-width': 1,
    'vector-effect': 'non-scaling-stroke',
  };
  if (dashed) edge['stroke-dasharray'] = '4 3';
  const options = {
    class: 'swatch',
    viewBox: '0 0 32 18',
    preserveAspectRatio: fill.startsWith('#') ? 'none' : 'xMidYMid',
    'aria-hidden': 'true',
  };
  return makeSvg('svg', options, makeSvg('rect', edge));
}

function legendItem(fill, title, meaning, count, dashed = false) {
  const key = count === 1 ? 'count_area' : 'count_areas';
  return make(
    'li',
    { class: count === 0 ? 'unused' : '' },
    swatch(fill, dashed),
    make(
      'span',
      {},
      make('strong', {}, title),
      meaning === '' ? '' : make('span', {}, meaning),
      make('small', {}, say(key, { count })),
    ),
  );
}

function showLegend(theme) {
  const cells = data.areas.map(({ code }) => cellOf(state.theme, state.period, code));
  const count = (test) => cells.filter(test).length;
  const classes = theme.classes.map((one, place) =>
    legendItem(data.colours[place], one.range, one.meaning, count((cell) => cell.class === place)),
  );
  const absent = (cell) => cell.value === null;
  const others = [
    legendItem(
      'url(#monster-saknas)',
      say('legend_missing'),
      '',
      count((cell) => absent(cell) && !isHidden(cell)),
    ),
    legendItem('url(#monster-dold)', say('legend_hidden'), '', count(isHidden)),
    legendItem(
      'url(#monster-delvis-2)',
      say('legend_partial'),
      '',
      count((cell) => !absent(cell) && isPartial(cell)),
      true,
    ),
  ];
  const box = document.getElementById('forklaring');
  box.replaceChildren(
    theme.classes.length > 0 ? make('ol', { class: 'classes' }, ...classes) : '',
    make('ul', { class: 'others' }, ...others),
  );
}

// ---- state ----------------------------------------------------------------------------------------

function showMap() {
  for (const [code, layer] of layers) {
    layer.setStyle(styleOf(cellOf(state.theme, state.period, code)));
    layer.closeTooltip();
    layer.getElement().setAttribute('aria-label', nameOf(code));
    layer.getElement().setAttribute('aria-pressed', String(code === state.area));
  }
}

function showChoices() {
  for (const radio of document.querySelectorAll('input[name="tema"]')) {
    radio.checked = radio.value === state.theme;
  }
  document.getElementById('tema').value = state.theme;
  const period = document.getElementById('period');
  if (period) period.value = state.period;
}

let chosenRing = null;

function update() {
  const theme = themeByCode.get(state.theme);
  showChoices();
  showHeading(theme);
  showMap();
  chosenRing.show(layers.get(state.area));
  showLegend(theme);
  showPanel(state.area, state.period, backToCity);
  showTable();
  writeHash();
}

function setTheme(code) {
  state.theme = code;
  state.sort = { column: 0, descending: false };
  update();
  announce(say('announce', { theme: themeByCode.get(code).name, period: state.period }));
}

function setPeriod(period) {
  state.period = period;
  update();
  announce(say('announce', { theme: themeByCode.get(state.theme).name, period }));
}

function writeHash() {
  const parts = new URLSearchParams({ tema: state.theme, period: state.period });
  if (state.area !== CITY) parts.set('omrade', state.area);
  window.history.replaceState(null, '', '#' + parts.toString());
}

// Only what the data knows is taken from an address; anything else leaves the state as it was.
function readHash() {
  const parts = new URLSearchParams(window.location.hash.slice(1));
  if (!['tema', 'period', 'omrade'].some((name) => parts.has(name))) return false;
  if (themeByCode.has(parts.get('tema'))) state.theme = parts.get('tema');
  if (data.periods.includes(parts.get('period'))) state.period = parts.get('period');
  state.area = areaByCode.has(parts.get('omrade')) ? parts.get('omrade') : CITY;
  return true;
}

// ---- start ----------------------------------------------------------------------------------------

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
  for (const [pane, layer] of [['ramar', 450], ['etiketter', 460]]) {
    karta.createPane(pane).style.zIndex = String(layer);
    karta.getPane(pane).style.pointerEvents = 'none';
  }
  const zoom = { zoomInTitle: say('zoom_in'), zoomOutTitle: say('zoom_out') };
  L.control.zoom(zoom).addTo(karta);
  L.control.scale({ imperial: false, position: 'bottomright' }).addTo(karta);
  chosenRing = makeRing('chosen-ring');
  const focusRing = makeRing('focus-ring');
  omraden.eachLayer((layer) => prepareArea(layer, focusRing));
  const labels = addLabels();
  karta.on('zoomend', allowDragging);
  karta.on('zoomend moveend', () => thinLabels(labels));
  fitCity();
  thinLabels(labels);
}

function startChoices() {
  document.getElementById('val').addEventListener('change', ({ target }) => {
    if (target.id === 'period') setPeriod(target.value);
    else setTheme(target.value);
  });
  window.addEventListener('hashchange', () => readHash() && update());
  window.addEventListener('resize', fitCity);
  document.getElementById('panel').addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && state.area !== CITY) backToCity();
  });
}

// Paper is narrower than most screens: the map is fitted to the width it will have there.
function startPrinting() {
  const box = document.getElementById('karta');
  window.addEventListener('beforeprint', () => {
    box.classList.add('paper');
    fitCity();
  });
  window.addEventListener('afterprint', () => {
    box.classList.remove('paper');
    fitCity();
  });
}

startMap();
startChoices();
startPrinting();
readHash();
update();
