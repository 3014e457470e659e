// Small pictures of figures that also stand in words beside them; they are decoration to those who
// listen.
'use strict';

const CHART_INK = '#1c2830';
const CHART_SOFT = '#4b5863';
const CHART_RANGE = '#dfe5e9';
const CHART_MIDDLE = '#b9c4cd';
const CHART_LINE = '#0f4c81';

function scoreColours() {
  return data.colours.score;
}

// A bar to the left or right of zero.
function bar(value, reach) {
  const width = Math.min(Math.abs(value) / reach, 1) * 50;
  const colours = scoreColours();
  const x = value < 0 ? 50 - width : 50;
  return makeSvg(
    'svg',
    { class: 'bar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    makeSvg('rect', { x: 0, y: 4.5, width: 100, height: 1, fill: '#d5dbe0' }),
    makeSvg('rect', {
      x,
      y: 1,
      width,
      height: 8,
      fill: colours[value < 0 ? 0 : colours.length - 1],
    }),
    makeSvg('rect', { x: 49.7, y: 0, width: 0.6, height: 10, fill: CHART_SOFT }),
  );
}
