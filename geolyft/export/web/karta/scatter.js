// @ts-check
// Two themes at once, each area a named dot.

import { INK, LINE, SOFT, chartText, makeChart, scaleOf } from './charts.js';
import { page } from './choose.js';
import { CITY, cellOf, data, hasFigures } from './data.js';
import { byId, make, makeFolded, makeSvg } from './make.js';
import { compared } from './pins.js';
import { areaTitle, number, say, valueText } from './say.js';
import { currentLevel, currentTheme, isLarge, state } from './state.js';

const BOX = { width: 640, height: 420, left: 48, right: 20, top: 16, bottom: 40 };
const LETTER = 6.2;

const withFigures = () =>
  data.themes.filter(
    ({ code }) => code !== state.theme && hasFigures(code, { ...state, view: 'value' }),
  );

// The other theme: the one that was asked for, else the first that has figures.
function otherTheme() {
  const themes = withFigures();
  return themes.find(({ code }) => code === state.against) ?? themes[0];
}

function pointsOf(one, other) {
  return currentLevel()
    .areas.map(({ code }) => ({
      code,
      x: cellOf(one.code, code, state),
      y: cellOf(other.code, code, state),
    }))
    .filter(({ x, y }) => x.value !== null && y.value !== null);
}

function axes(one, other, across, up) {
  const { width, height, left, right, top, bottom } = BOX;
  const marks = ({ low, high }) => [0, 0.25, 0.5, 0.75, 1].map((part) => low + part * (high - low));
  const grid = (ends) => makeSvg('line', { ...ends, stroke: 'palette(grid)', 'stroke-width': 1 });
  const columns = marks(across).flatMap((value) => {
    const x = across.scale(value);
    const text = chartText(number(value, 0), {
      x,
      y: height - bottom + 16,
      'text-anchor': 'middle',
    });
    return [grid({ x1: x, x2: x, y1: top, y2: height - bottom }), text];
  });
  const rows = marks(up).flatMap((value) => {
    const y = up.scale(value);
    const text = chartText(number(value, 0), { x: left - 6, y: y + 4, 'text-anchor': 'end' });
    return [grid({ x1: left, x2: width - right, y1: y, y2: y }), text];
  });
  const names = [
    chartText(`${one.short} →`, { x: width - right, y: height - 6, 'text-anchor': 'end' }),
    chartText(`↑ ${other.short}`, { x: left + 4, y: top - 4 }),
  ];
  return [...columns, ...rows, ...names];
}

function cityLines(one, other, across, up) {
  const [x, y] = [one, other].map((theme) => cellOf(theme.code, CITY, state).value);
  const pen = { stroke: SOFT, 'stroke-width': 1.2, 'stroke-dasharray': '5 4' };
  const { width, height, left, right, top, bottom } = BOX;
  const [at, to] = [across.scale(x ?? 0), up.scale(y ?? 0)];
  return [
    x === null ? '' : makeSvg('line', { x1: at, x2: at, y1: top, y2: height - bottom, ...pen }),
    y === null ? '' : makeSvg('line', { x1: left, x2: width - right, y1: to, y2: to, ...pen }),
  ];
}

const meet = (one, other) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

// A name goes where it lies on no other: right, left, over or under its dot; else it waits.
/** @type {(texts: { x: number, y: number, text: string }[], size?: { width: number, height: number }) => any[]} */
export function placeNames(texts, { width, height } = BOX) {
  const taken = texts.map(({ x, y }) => ({ x: x - 7, y: y - 7, width: 14, height: 14 }));
  const isInside = (box) =>
    box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
  return texts.map(({ x, y, text }, n) => {
    const wide = text.length * LETTER;
    const tries = [
      { x: x + 10, y: y - 7, at: x + 10, anchor: 'start' },
      { x: x - 10 - wide, y: y - 7, at: x - 10, anchor: 'end' },
      { x: x - wide / 2, y: y - 22, at: x, anchor: 'middle' },
      { x: x - wide / 2, y: y + 9, at: x, anchor: 'middle' },
    ].map((corner) => ({ ...corner, width: wide, height: 13 }));
    const found = tries.find(
      (box) => isInside(box) && !taken.some((other, m) => m !== n && meet(box, other)),
    );
    if (found !== undefined) taken.push(found);
    return found;
  });
}

function dots(points, across, up) {
  const codes = compared();
  const isNamed = ({ code }) => !isLarge(currentLevel()) || codes.includes(code);
  const all = points
    .map(({ code, x, y }) => ({
      code,
      x: across.scale(x.value),
      y: up.scale(y.value),
      text: areaTitle(code),
    }))
    .sort((one, other) => Number(codes.includes(other.code)) - Number(codes.includes(one.code)));
  const named = all.filter(isNamed);
  const boxes = placeNames(named);
  const marks = all.map(({ code, x, y, text }) => {
    const isPinned = codes.includes(code);
    const look = { fill: isPinned ? LINE : '#ffffff', stroke: isPinned ? INK : LINE };
    const dot = makeSvg('circle', {
      cx: x,
      cy: y,
      r: isPinned ? 7 : 5,
      'stroke-width': 1.5,
      ...look,
    });
    const title = makeSvg('title', {});
    title.textContent = text;
    dot.append(title);
    return dot;
  });
  const names = named.map(({ code, text, x, y }, n) => {
    const weight = codes.includes(code) ? 700 : 400;
    if (boxes[n] === undefined) return chartText(code, { x: x + 7, y: y - 6, 'font-size': 10 });
    const { at, y: top, anchor } = boxes[n];
    const look = { fill: INK, 'font-weight': weight, 'text-anchor': anchor };
    return chartText(text, { x: at, y: top + 11, ...look });
  });
  return [...marks, ...names];
}

function picker(other) {
  const options = withFigures().map(({ code, short }) => {
    const chosen = code === other.code ? { selected: '' } : {};
    return make('option', { value: code, ...chosen }, short);
  });
  const choice = make('select', { id: 'mot' }, ...options);
  choice.addEventListener('change', (event) => {
    state.against = /** @type {HTMLSelectElement} */ (event.target).value;
    page.updateArea();
    byId('mot').focus();
  });
  const label = make(
    'label',
    { for: 'mot' },
    say('scatter_against', { theme: currentTheme().short }),
  );
  return make('p', { class: 'field' }, label, choice);
}

function table(one, other, points) {
  const titles = [say('ranked_area'), one.short, other.short];
  const rows = points.map(({ code, x, y }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, areaTitle(code)),
      make('td', { class: 'value' }, valueText(one, x)),
      make('td', { class: 'value' }, valueText(other, y)),
    ),
  );
  const heads = titles.map((title) => make('th', { scope: 'col' }, title));
  const parts = [make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...rows)];
  return makeFolded(say('trend_table'), make('table', { class: 'over-time' }, ...parts));
}

export function scatter() {
  const [one, other] = [currentTheme(), otherTheme()];
  if (other === undefined) return [make('p', { class: 'meaning-of' }, say('compare_nothing'))];
  const points = pointsOf(one, other);
  if (points.length === 0) return [picker(other), make('p', {}, say('compare_nothing'))];
  const { width, height, left, right, top, bottom } = BOX;
  const city = [one, other].map((theme) => cellOf(theme.code, CITY, state).value);
  const across = scaleOf([...points.map(({ x }) => x.value), city[0]], [left, width - right]);
  const up = scaleOf([...points.map(({ y }) => y.value), city[1]], [height - bottom, top]);
  const parts = [...axes(one, other, across, up), ...cityLines(one, other, across, up)];
  return [
    picker(other),
    make('p', { class: 'meaning-of' }, say('scatter_meaning')),
    makeChart('scatter', BOX, ...parts, ...dots(points, across, up)),
    table(one, other, points),
  ];
}
