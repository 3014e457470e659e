// @ts-check
// How an area looks. Colour is for the class; what colour alone must not say has a pattern: figures
// that rest on too little, and figures that are not surely apart from the city's.

import { classOf, coloursOf, isHidden, isOfChildren } from './data.js';
import { mainLevel, sureSide } from './data.js';
import { byId, makeSvg } from './make.js';
import { currentLevel, state } from './state.js';

const OUTLINE = 'palette(muted)';
const DARK = 0.4;

// How light a colour is, 0 to 1, as eyes weigh its parts.
export function lightness(colour) {
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

// Dots for what rests on too little, stripes for what is not surely apart. Without
// colour, upright lines tell the worse side.
function marksOf(ink, { partial, unsure, low }) {
  const line = (d, width) => ({ d, stroke: ink, 'stroke-width': width, fill: 'none' });
  const uprights = low === 2 ? 'M2 0V12M6 0V12M10 0V12' : 'M6 0V12';
  const stripes = { ...line('M0 1H12M0 5H12M0 9H12', 1), 'stroke-opacity': 0.7 };
  const dots = [3, 9].map((side) => makeSvg('circle', { cx: side, cy: side, r: 1.2, fill: ink }));
  return [
    low > 0 ? makeSvg('path', line(uprights, 1.2)) : '',
    unsure ? makeSvg('path', stripes) : '',
    ...(partial ? dots : []),
  ];
}

// A pattern is made the first time it is needed, and shared after that.
export function patternOf(colour, kind) {
  const { partial, unsure, low } = kind;
  const names = [partial ? 'delvis' : '', unsure ? 'osaker' : '', low ? 'lag' + low : ''];
  const id = ['monster', ...names, colour.slice(1)].filter(Boolean).join('-');
  if (byId(id) === null) {
    const ink = lightness(colour) < DARK ? '#ffffff' : 'palette(pattern)';
    const box = { id, width: 12, height: 12, patternUnits: 'userSpaceOnUse' };
    const ground = makeSvg('rect', { width: 12, height: 12, fill: colour });
    byId('monster').append(makeSvg('pattern', box, ground, ...marksOf(ink, kind)));
  }
  return `url(#${id})`;
}

// A change that may be chance is pale instead.
export function isUnsure(view, figure) {
  return view !== 'change' && figure.value !== null && figure.apart === false;
}

/** @type {(theme: Theme, view: View, figure: Figure) => string} */
export function fillOf(theme, view, figure) {
  if (figure.value === null) return `url(#monster-${isHidden(figure) ? 'dold' : 'saknas'})`;
  const place = classOf(theme, view, figure);
  const colour = place === undefined ? '#ffffff' : coloursOf(theme, view)[place];
  const [partial, unsure] = [figure.dotted, isUnsure(view, figure)];
  return markedFill(colour, { partial, unsure, low: lowSide(theme, view, place) });
}

// The fill of a whole class, as the legend has it.
export function classFill(theme, view, place) {
  return markedFill(coloursOf(theme, view)[place], { low: lowSide(theme, view, place) });
}

function markedFill(colour, kind) {
  return Object.values(kind).some(Boolean) ? patternOf(colour, kind) : colour;
}

// How far down the worse side a class is, when the reader wants to see that without colour.
function lowSide(theme, view, place) {
  const hasSides = view !== 'quality' && !isOfChildren(theme) && !theme.colours;
  if (!state.withPatterns || !hasSides || place === undefined) return 0;
  return Math.max(2 - place, 0);
}

// Dots and dashes are for what rests on too little, where that tells areas apart.
/** @type {(theme: Theme, view: View, figure: Figure) => object} */
export function styleOf(theme, view, figure) {
  const partial = figure.value !== null && figure.dotted;
  return {
    fillColor: fillOf(theme, view, figure),
    fillOpacity: 1,
    color: OUTLINE,
    weight: partial ? 2 : currentLevel() === mainLevel ? 1.2 : 0.8,
    dashArray: partial ? '5 4' : null,
  };
}

// What stands after an area's number where it is surely apart, or surely moved.
export function sideMark(theme, view, figure) {
  return { 1: '▲', '-1': '▼', 0: '' }[sureSide(theme, view, figure)];
}

export function swatch(fill, dashed = false) {
  const options = { class: dashed ? 'swatch dashed' : 'swatch', 'aria-hidden': 'true' };
  return makeSvg('svg', options, makeSvg('rect', { width: '100%', height: '100%', fill }));
}
