// @ts-check
// The map as a picture that stands alone: title, areas, legend, source, date, and what marks it.

import { layersOnMap, labelsOnMap } from './areas.js';
import { isSeeThrough } from './background.js';
import { chartText } from './charts.js';
import { data, figuresOf, legendOf } from './data.js';
import { classFill } from './fills.js';
import { map } from './folium.js';
import { themeStatuses } from './legend.js';
import { byId, makeSvg } from './make.js';
import { choiceText, headingOf, say } from './say.js';
import { currentTheme, state } from './state.js';

const EDGE = 24;
const HEAD = 76;
const LINE = 17;
const WIDE = 120;
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

// What lies around, as the page's style draws it.
function background() {
  const paths = byId('karta').querySelectorAll('path.ground');
  return [...paths].map((path) => {
    const { fill, stroke, strokeWidth, strokeDasharray } = window.getComputedStyle(path);
    const pen = { stroke, 'stroke-width': strokeWidth, 'stroke-dasharray': strokeDasharray };
    return makeSvg('path', { d: path.getAttribute('d'), fill, 'fill-rule': 'evenodd', ...pen });
  });
}

function placeNames() {
  const { left, top } = byId('karta').getBoundingClientRect();
  return [...byId('karta').querySelectorAll('.ground-name span')].map((text) => {
    const room = text.getBoundingClientRect();
    const middle = [room.left + room.width / 2 - left, room.top + room.height / 2 - top];
    const { x, y } = map.containerPointToLayerPoint(/** @type {[number, number]} */ (middle));
    const halo = { stroke: '#ffffff', 'stroke-width': 3, 'paint-order': 'stroke' };
    const look = { 'text-anchor': 'middle', 'font-size': 11, fill: 'palette(ink)', ...halo };
    return chartText(text.textContent, { x, y: y + 4, ...look });
  });
}

function names() {
  const shown = labelsOnMap().filter(({ marker }) => {
    return window.getComputedStyle(marker.getElement()).visibility !== 'hidden';
  });
  const { left, top } = byId('karta').getBoundingClientRect();
  const isMarkAlone = byId('karta').classList.contains('far');
  return shown.flatMap(({ text }) => {
    if (text.innerText === '') return [];
    const room = text.getBoundingClientRect();
    const middle = [room.left + room.width / 2 - left, room.top + room.height / 2 - top];
    const { x, y } = map.containerPointToLayerPoint(/** @type {[number, number]} */ (middle));
    const width = text.innerText.length * 8 + 10;
    const box = { x: x - width / 2, y: y - 9, width, height: 18, rx: 9 };
    const pill = makeSvg('rect', { ...box, fill: '#ffffff', stroke: 'palette(muted)' });
    return [
      ...(isMarkAlone ? [] : [pill]),
      chartText(text.innerText, {
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
  const columns = Math.max(Math.min(classes.length, Math.floor(width / WIDE)), 1);
  const wide = width / columns;
  const parts = classes.flatMap(({ range, meaning }, place) => {
    const x = EDGE + (place % columns) * wide;
    const top = y + Math.floor(place / columns) * 70;
    const box = { x, y: top, width: wide - 12, height: 12, stroke: 'palette(muted)' };
    return [
      makeSvg('rect', { ...box, fill: classFill(theme, state.view, place) }),
      ...paragraph(`${range} ${meaning}`, x, top + 28, wide - 12),
    ];
  });
  return { parts, height: Math.ceil(classes.length / columns) * 70 };
}

// What has a sign instead of a colour, as the legend of the page has it.
function signs(y) {
  const items = [...byId('forklaring').querySelectorAll('.others li')];
  return items.flatMap((item, n) => {
    const [sign, text] = item.children;
    const top = y + n * 20;
    const box = { x: EDGE, y: top - 11, width: 28, height: 14, stroke: 'palette(muted)' };
    const fill = sign.querySelector('rect')?.getAttribute('fill');
    const line = sign.querySelector('line')?.getAttribute('stroke-width');
    const pen = { x1: EDGE, x2: EDGE + 28, y1: top - 4, y2: top - 4, stroke: 'palette(contrast)' };
    const mark = chartText(sign.textContent, { x: EDGE + 8, y: top, 'font-size': 12 });
    const shape = line ? makeSvg('line', { ...pen, 'stroke-width': line }) : mark;
    const title = (text ?? item).textContent.trim().replace(/\s+/g, ' ');
    return [
      fill ? makeSvg('rect', { ...box, fill }) : shape,
      chartText(title, { x: EDGE + 36, y: top, 'font-size': 12 }),
    ];
  });
}

// Source, date and what has to be known: what the page says of them.
function footnotes() {
  const theme = currentTheme();
  const statuses = themeStatuses(figuresOf(theme.code, state)).theme_all;
  const marks = [data.synthetic ? byId('syntetiskt').textContent : '', ...statuses];
  const date = new Date().toLocaleDateString('sv-SE');
  const created = [byId('framstalld')?.textContent, say('picture_date', { date })].filter(Boolean);
  const named = [...document.querySelectorAll('.sources li strong')].map((one) => one.textContent);
  const sources = named.length > 0 ? `${byId('kallor').textContent}: ${named.join('; ')}.` : '';
  const about = byId('tema-text').querySelector('p').textContent;
  return [marks.filter(Boolean).join(', '), about, sources, created.join(' ')];
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
  const others = signs(HEAD + down + 16 + key.height);
  let y = HEAD + down + 28 + key.height + others.length * 10;
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
      ...background(),
      makeSvg('g', isSeeThrough() ? { style: 'mix-blend-mode: multiply' } : {}, ...areas()),
      ...placeNames(),
      ...borders(),
      ...names(),
    ),
    ...key.parts,
    ...others,
    ...notes,
  );
  return { svg, width, height: y };
}
