// @ts-check
// The map as a picture that stands alone: title, areas, legend, source, date, and what marks it.

import { layersOnMap, labelsOnMap } from './areas.js';
import { chartText } from './charts.js';
import { data, figuresOf, legendOf } from './data.js';
import { classFill } from './fills.js';
import { map } from './folium.js';
import { themeStatuses } from './legend.js';
import { byId, makeSvg } from './make.js';
import { choiceText, headingOf } from './say.js';
import { currentTheme, state } from './state.js';

const EDGE = 24;
const HEAD = 76;
const LINE = 17;
const WIDE = 190;
const LETTERS = 6.3;
const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';

// Words into lines that have room.
/** @param {string} text */
export function linesOf(text, width) {
  const most = Math.floor(width / LETTERS);
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= most || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const paragraph = (text, x, y, width, look = {}) =>
  linesOf(text, width).map((line, n) =>
    chartText(line, { x, y: y + n * LINE, 'font-size': 12, ...look }),
  );

function areas() {
  return [...layersOnMap().values()].map((layer) => {
    const { fillColor, color, weight, dashArray } = layer.options;
    const look = { fill: fillColor, 'fill-rule': 'evenodd', stroke: color, 'stroke-width': weight };
    const dashes = dashArray ? { 'stroke-dasharray': dashArray } : {};
    return makeSvg('path', { d: layer.getElement().getAttribute('d'), ...look, ...dashes });
  });
}

function borders() {
  const paths = byId('karta').querySelectorAll('path.contrast');
  return [...paths].map((path) => {
    const pen = { stroke: 'palette(contrast)', 'stroke-width': path.getAttribute('stroke-width') };
    return makeSvg('path', {
      d: path.getAttribute('d'),
      fill: 'none',
      'stroke-linecap': 'round',
      ...pen,
    });
  });
}

function names() {
  const shown = labelsOnMap().filter(({ marker }) => {
    return window.getComputedStyle(marker.getElement()).visibility !== 'hidden';
  });
  return shown.flatMap(({ text, marker }) => {
    const { x, y } = map.latLngToLayerPoint(marker.getLatLng());
    const width = text.textContent.length * 8 + 10;
    const box = { x: x - width / 2, y: y - 9, width, height: 18, rx: 9 };
    return [
      makeSvg('rect', { ...box, fill: '#ffffff', stroke: 'palette(muted)' }),
      chartText(text.textContent, {
        x,
        y: y + 4,
        'text-anchor': 'middle',
        'font-weight': 650,
        fill: 'palette(ink)',
      }),
    ];
  });
}

function legend(y, width) {
  const theme = currentTheme();
  const classes = legendOf(theme, state.view)?.classes ?? [];
  const columns = Math.max(Math.floor(width / WIDE), 1);
  const parts = classes.flatMap(({ range, meaning }, place) => {
    const x = EDGE + (place % columns) * WIDE;
    const top = y + Math.floor(place / columns) * 70;
    const box = { x, y: top, width: WIDE - 16, height: 12, stroke: 'palette(muted)' };
    return [
      makeSvg('rect', { ...box, fill: classFill(theme, state.view, place) }),
      ...paragraph(`${range} ${meaning}`, x, top + 28, WIDE - 12),
    ];
  });
  return { parts, height: Math.ceil(classes.length / columns) * 70 + 8 };
}

// Source, date and what has to be known: what the page says of them.
function footnotes() {
  const theme = currentTheme();
  const statuses = themeStatuses(figuresOf(theme.code, state)).theme_all;
  const marks = [data.synthetic ? byId('syntetiskt').textContent : '', ...statuses];
  const created = document.querySelector('footer p').textContent.trim();
  return [
    marks.filter(Boolean).join(', '),
    byId('tema-text').querySelector('p').textContent,
    created,
  ];
}

function patterns() {
  return makeSvg('defs', {}, ...[...byId('monster').children].map((one) => one.cloneNode(true)));
}

export function drawPicture() {
  const { x: across, y: down } = map.getSize();
  const corner = map.containerPointToLayerPoint([0, 0]);
  const width = Math.max(across, 480) + 2 * EDGE;
  const body = width - 2 * EDGE;
  const key = legend(HEAD + down + 16, body);
  let y = HEAD + down + 16 + key.height + 12;
  const notes = footnotes()
    .filter(Boolean)
    .flatMap((text) => {
      const lines = paragraph(text, EDGE, y, body);
      y += lines.length * LINE + 4;
      return lines;
    });
  const frame = { x: corner.x, y: corner.y, width: across, height: down };
  const moved = `translate(${EDGE - corner.x} ${HEAD - corner.y})`;
  const title = `${headingOf(currentTheme())}, ${choiceText() || state.period}`;
  const svg = makeSvg(
    'svg',
    {
      viewBox: `0 0 ${width} ${y}`,
      width,
      height: y,
      'font-family': FONT,
      role: 'img',
      'aria-label': title,
    },
    patterns(),
    makeSvg('clipPath', { id: 'ram' }, makeSvg('rect', frame)),
    makeSvg('rect', { width, height: y, fill: '#ffffff' }),
    ...paragraph(title, EDGE, 32, body * 0.75, {
      'font-size': 18,
      'font-weight': 650,
      fill: 'palette(ink)',
    }),
    chartText(`${data.city} · ${document.title}`, { x: EDGE, y: HEAD - 12, 'font-size': 12 }),
    makeSvg(
      'g',
      { transform: moved, 'clip-path': 'url(#ram)' },
      makeSvg('rect', { ...frame, fill: '#e3eaee' }),
      ...areas(),
      ...borders(),
      ...names(),
    ),
    ...key.parts,
    ...notes,
  );
  return { svg, width, height: y };
}
