// @ts-check
// The areas in order, each a dot with its interval. What intervals do not tell apart shares places.

import { INK, SOFT, makeChart, scaleOf } from './charts.js';
import { CITY, EVERYONE, INDEX, classOf, coloursOf, factsOf, figureOf } from './data.js';
import { isOfChildren } from './data.js';
import { chooseArea } from './choose.js';
import { make, makeButton, makeSvg, smallPrint } from './make.js';
import { compared } from './pins.js';
import { areaTitle, columnName, intervalText, number, parentOf, say, valueText } from './say.js';
import { currentLevel, currentTheme, isLarge, state } from './state.js';

const ROW = { width: 320, height: 18, edge: 12 };
const MOST = 20;

// How sure a figure is has no order of its own: then it is the value's, with its interval.
const comparedView = () => (state.view === 'quality' ? 'value' : state.view);

function ordered(theme, view) {
  const side = theme.good === 'low' ? -1 : 1;
  const figures = currentLevel().areas.map(({ code }) => ({
    code,
    figure: figureOf(theme.code, code, { ...state, view }),
  }));
  return figures
    .filter(({ figure }) => figure.value !== null)
    .sort((one, other) => side * (one.figure.value - other.figure.value));
}

// From which place to which each may be: before it come only those that surely do.
/** @type {(figures: Figure[], good: string) => [number, number][]} */
export function placesOf(figures, good) {
  const ends = figures.map(({ value, low = value, high = value }) => {
    return good === 'low' ? [-high, -low] : [low, high];
  });
  return ends.map(([low, high]) => {
    const before = ends.filter(([, end]) => end < low).length;
    const after = ends.filter(([start]) => start > high).length;
    return [before + 1, figures.length - after];
  });
}

const rangeText = ([low, high]) => (low === high ? String(low) : `${low}–${high}`);

// Of the index the run has told the places itself.
function withPlaces(theme, view, rows) {
  const isTold = theme.code === INDEX && view === 'value' && state.sex === EVERYONE;
  const own = placesOf(
    rows.map(({ figure }) => figure),
    theme.good,
  );
  return rows.map((row, n) => {
    const { rank_low: low, rank_high: high } = factsOf(row.code, state);
    return { ...row, place: rangeText(isTold && low !== undefined ? [low, high] : own[n]) };
  });
}

// Of many small areas: those in the chosen area, else the first ones; those that are compared always.
function shownOf(rows) {
  if (!isLarge(currentLevel())) return rows;
  const codes = compared();
  const { areas, placeOf } = currentLevel();
  const inside = rows.filter(({ code }) => parentOf(areas[placeOf.get(code)]) === state.area);
  const first = inside.length > 0 ? inside : rows.slice(0, MOST);
  return rows.filter((row) => first.includes(row) || codes.includes(row.code));
}

/** @param {Figure} figure */
function dotOf(theme, view, figure, scale) {
  const x = scale(figure.value);
  const y = ROW.height / 2;
  const isSure = figure.sure ?? figure.apart ?? false;
  const fill = isSure ? coloursOf(theme, view)[classOf(theme, view, figure)] : '#ffffff';
  const dot = makeSvg('circle', { cx: x, cy: y, r: 5, fill, stroke: INK, 'stroke-width': 1.5 });
  if (figure.low === undefined) return [dot];
  const ends = { x1: scale(figure.low), x2: scale(figure.high), y1: y, y2: y };
  return [makeSvg('line', { ...ends, stroke: INK, 'stroke-width': 2 }), dot];
}

function cityLine(scale, city) {
  if (city.value === null) return '';
  const ends = { x1: scale(city.value), x2: scale(city.value), y1: 0, y2: ROW.height };
  return makeSvg('line', { ...ends, stroke: SOFT, 'stroke-width': 1.5, 'stroke-dasharray': '3 2' });
}

function rowOf({ code, figure, place }, theme, view, scale, city) {
  const isCity = code === CITY;
  const chart = makeChart(
    'dots',
    ROW,
    cityLine(scale, city),
    ...(isCity ? [] : dotOf(theme, view, figure, scale)),
  );
  const name = isCity
    ? areaTitle(code)
    : makeButton({ class: 'link' }, () => chooseArea(code), areaTitle(code));
  const value = make('td', { class: 'value' }, valueText(theme, figure, view));
  value.append(' ', smallPrint(intervalText(figure)));
  const kind = isCity ? 'city' : compared().includes(code) ? 'pinned' : '';
  return make(
    'tr',
    { class: kind, 'data-ranked': code },
    make('td', { class: 'rank' }, place),
    make('th', { scope: 'row' }, name),
    make('td', { class: 'chart' }, chart),
    value,
  );
}

function axis(scale, low, high) {
  const texts = [low, (low + high) / 2, high].map((value, n) => {
    const anchor = ['start', 'middle', 'end'][n];
    const text = makeSvg('text', {
      x: scale(value),
      y: 13,
      'font-size': 11,
      fill: SOFT,
      'text-anchor': anchor,
    });
    text.textContent = number(value);
    return text;
  });
  return makeChart('dots', ROW, ...texts);
}

function rankedMeaning(theme, rows, shown) {
  const side = isOfChildren(theme) ? 'ranked_low' : 'ranked_bad';
  const isJudged = rows.some(({ figure }) => figure.low !== undefined);
  const isIndex = theme.code === INDEX && state.sex === EVERYONE && comparedView() === 'value';
  const places = isIndex ? 'rank_meaning' : isJudged ? 'ranked_ties' : 'ranked_unjudged';
  const some =
    shown.length < rows.length
      ? say('ranked_some', { known: shown.length, count: rows.length })
      : '';
  // Kinds have no worse side.
  return [theme.colours ? '' : say(side), some, say('ranked_dots'), say(places)].filter(Boolean).join(' ');
}

// The city stands where its figure is, without a place.
function withCity(theme, rows, city) {
  if (city.value === null) return rows;
  const side = theme.good === 'low' ? -1 : 1;
  const found = rows.findIndex(({ figure }) => side * (figure.value - city.value) > 0);
  const at = found < 0 ? rows.length : found;
  return [...rows.slice(0, at), { code: CITY, figure: city, place: '' }, ...rows.slice(at)];
}

export function ranked() {
  const [theme, view] = [currentTheme(), comparedView()];
  const rows = withPlaces(theme, view, ordered(theme, view));
  const city =
    view === 'gap' ? { value: 0, status: 'ok' } : figureOf(theme.code, CITY, { ...state, view });
  if (rows.length === 0) return [make('p', { class: 'meaning-of' }, say('compare_nothing'))];
  const shown = shownOf(rows);
  const all = [...shown.map(({ figure }) => figure), city];
  const { scale, low, high } = scaleOf(
    all.flatMap((figure) => [figure.value, figure.low, figure.high]),
    [ROW.edge, ROW.width - ROW.edge],
  );
  const chart = make('span', {}, make('span', { class: 'unseen' }, say('ranked_chart')));
  chart.append(axis(scale, low, high));
  const titles = [say('ranked_place'), say('ranked_area'), chart, columnName(theme, view)];
  const heads = titles.map((title) => make('th', { scope: 'col' }, title));
  const body = withCity(theme, shown, city).map((row) => rowOf(row, theme, view, scale, city));
  return [
    make('p', { class: 'meaning-of' }, rankedMeaning(theme, rows, shown)),
    make(
      'table',
      { class: 'ranked' },
      make('thead', {}, make('tr', {}, ...heads)),
      make('tbody', {}, ...body),
    ),
  ];
}
