// How an area looks. Colour is for the class; what colour alone must not say has a pattern: figures
// that rest on too little, and figures that are not surely apart from the city's.
'use strict';

const OUTLINE = '#46535e';
const DARK = 0.4;

// How light a colour is, 0 to 1, as eyes weigh its parts.
function lightness(colour) {
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

function dots(ink) {
  return [
    [3, 3],
    [9, 9],
  ].map(([cx, cy]) => makeSvg('circle', { cx, cy, r: 1.2, fill: ink }));
}

function stripes(ink) {
  const line = { d: 'M0 1H12M0 5H12M0 9H12', stroke: ink, 'stroke-width': 1 };
  return [makeSvg('path', { ...line, fill: 'none', 'stroke-opacity': 0.7 })];
}

// The two ends of the scale are equally dark: without colour, upright lines tell the worse side.
function uprights(ink, count) {
  const steps = count === 2 ? 'M2 0V12M6 0V12M10 0V12' : 'M6 0V12';
  return [makeSvg('path', { d: steps, stroke: ink, 'stroke-width': 1.2, fill: 'none' })];
}

// A pattern is made the first time it is needed, and shared after that.
function patternOf(colour, { partial = false, unsure = false, low = 0 }) {
  const names = [
    'monster',
    partial ? 'delvis' : '',
    unsure ? 'osaker' : '',
    low ? 'lag' + low : '',
  ];
  const id = [...names, colour.slice(1)].filter(Boolean).join('-');
  if (byId(id) === null) {
    const ink = lightness(colour) < DARK ? '#ffffff' : '#26323c';
    const box = { id, width: 12, height: 12, patternUnits: 'userSpaceOnUse' };
    const ground = makeSvg('rect', { width: 12, height: 12, fill: colour });
    const marks = [
      ...(low > 0 ? uprights(ink, low) : []),
      ...(unsure ? stripes(ink) : []),
      ...(partial ? dots(ink) : []),
    ];
    byId('monster').append(makeSvg('pattern', box, ground, ...marks));
  }
  return `url(#${id})`;
}

function isUnsure(view, figure) {
  // A change that may be chance is pale instead.
  return view !== 'change' && figure.value !== null && figure.apart === false;
}

function colourOf(theme, view, figure) {
  const place = classOf(theme, view, figure);
  if (place === undefined) return '#ffffff';
  return data.colours[view === 'quality' ? 'quality' : 'score'][place];
}

function fillOf(theme, view, figure) {
  if (figure.value === null) return `url(#monster-${isHidden(figure) ? 'dold' : 'saknas'})`;
  const colour = colourOf(theme, view, figure);
  const partial = isPartial(figure);
  const unsure = isUnsure(view, figure);
  const low = lowSide(view, classOf(theme, view, figure));
  return partial || unsure || low > 0 ? patternOf(colour, { partial, unsure, low }) : colour;
}

// How far down the worse side a class is, when the reader wants to see that without colour.
function lowSide(view, place) {
  if (!state.withPatterns || view === 'quality' || place === undefined) return 0;
  return Math.max(2 - place, 0);
}

function styleOf(theme, view, figure) {
  const partial = figure.value !== null && isPartial(figure);
  return {
    fillColor: fillOf(theme, view, figure),
    fillOpacity: 1,
    color: OUTLINE,
    weight: partial ? 2 : currentLevel() === mainLevel ? 1.2 : 0.8,
    dashArray: partial ? '5 4' : null,
  };
}

// What stands after an area's number where it is surely apart, or surely moved.
function sideMark(theme, view, figure) {
  return { 1: '▲', '-1': '▼', 0: '' }[sureSide(theme, view, figure)];
}

function swatch(fill, dashed = false) {
  const options = { class: dashed ? 'swatch dashed' : 'swatch', 'aria-hidden': 'true' };
  return makeSvg('svg', options, makeSvg('rect', { width: '100%', height: '100%', fill }));
}
