// A theme over the periods: a chart, and the same figures as a table.
'use strict';

const TREND = { width: 280, height: 120, left: 34, right: 8, top: 8, bottom: 22 };

// Whether two periods may be joined by a line: both known, whole, and not the same figure carried.
function mayJoin(theme, one, other) {
  if (one.value === null || other.value === null) return false;
  if (isPartial(one) || isPartial(other)) return false;
  if (!isShare(theme)) return data.between.length > 0;
  return one.reference === undefined || one.reference !== other.reference;
}

function trendSeries(theme, code) {
  const stopped = ['break', 'noise', 'scale'].includes(changeOf(theme.code, code).reason);
  const cells = currentLevel().periods.map((period) =>
    cellOf(theme.code, code, { ...state, period }),
  );
  return cells.map((cell, n) => ({
    cell,
    joined: n > 0 && !stopped && mayJoin(theme, cells[n - 1], cell),
  }));
}

function trendScale(series) {
  const cells = series.flat().map(({ cell }) => cell);
  const all = cells.flatMap((cell) => [cell.value, cell.low, cell.high]);
  const known = all.filter((one) => one !== null && one !== undefined);
  const room = Math.max((Math.max(...known) - Math.min(...known)) * 0.08, 0.5);
  const [low, high] = [Math.min(...known) - room, Math.max(...known) + room];
  const { width, height, left, right, top, bottom } = TREND;
  const steps = Math.max(series[0].length - 1, 1);
  return {
    low,
    high,
    x: (n) => left + 8 + (n * (width - left - right - 16)) / steps,
    y: (value) => top + ((high - value) * (height - top - bottom)) / (high - low),
  };
}

function trendLine(points, scale, attributes) {
  const steps = points.map(({ cell, joined }, n) =>
    cell.value === null
      ? ''
      : `${joined ? 'L' : 'M'}${scale.x(n).toFixed(1)} ${scale.y(cell.value).toFixed(1)}`,
  );
  return makeSvg('path', { d: steps.join('') || 'M0 0', fill: 'none', ...attributes });
}

function trendBand(points, scale) {
  const parts = [];
  points.forEach(({ cell, joined }, n) => {
    if (!joined || cell.low === undefined || points[n - 1].cell.low === undefined) return;
    const before = points[n - 1].cell;
    const corners = [
      [n - 1, before.high],
      [n, cell.high],
      [n, cell.low],
      [n - 1, before.low],
    ].map(([place, value]) => `${scale.x(place).toFixed(1)},${scale.y(value).toFixed(1)}`);
    parts.push(
      makeSvg('polygon', { points: corners.join(' '), fill: CHART_LINE, 'fill-opacity': 0.16 }),
    );
  });
  return parts;
}

function trendDots(points, scale) {
  return points.flatMap(({ cell }, n) => {
    if (cell.value === null) return [];
    const [x, y] = [scale.x(n), scale.y(cell.value)];
    const dot = { cx: x, cy: y, r: 3.5, stroke: CHART_LINE, 'stroke-width': 1.5 };
    const whisker = { x1: x, x2: x, stroke: CHART_LINE, 'stroke-width': 1.5 };
    const ends =
      cell.low === undefined ? [] : [{ ...whisker, y1: scale.y(cell.low), y2: scale.y(cell.high) }];
    return [
      ...ends.map((end) => makeSvg('line', end)),
      makeSvg('circle', { ...dot, fill: isPartial(cell) ? '#ffffff' : CHART_LINE }),
    ];
  });
}

function chartText(text, attributes) {
  const label = makeSvg('text', { 'font-size': 11, fill: CHART_SOFT, ...attributes });
  label.textContent = text;
  return label;
}

function trendAxes(scale, periods) {
  const { width, height, left, right, bottom } = TREND;
  const levels = [scale.low, (scale.low + scale.high) / 2, scale.high];
  const lines = levels.flatMap((value) => {
    const y = scale.y(value);
    const line = {
      x1: left,
      x2: width - right,
      y1: y,
      y2: y,
      stroke: '#e1e6ea',
      'stroke-width': 1,
    };
    const text = chartText(number(value, 0), { x: left - 5, y: y + 4, 'text-anchor': 'end' });
    return [makeSvg('line', line), text];
  });
  // As many periods as have room.
  const every = Math.ceil((periods.length * Math.max(...periods.map((one) => one.length))) / 32);
  const names = periods.map((period, n) =>
    (periods.length - 1 - n) % every === 0
      ? chartText(period, { x: scale.x(n), y: height - bottom + 16, 'text-anchor': 'middle' })
      : '',
  );
  return [...lines, ...names];
}

function trendChart(theme, code) {
  const own = trendSeries(theme, code);
  const city = code === CITY ? [] : trendSeries(theme, CITY);
  const scale = trendScale(city.length > 0 ? [own, city] : [own]);
  const dashed = { stroke: CHART_SOFT, 'stroke-width': 1.5, 'stroke-dasharray': '5 4' };
  return makeSvg(
    'svg',
    { class: 'trend', viewBox: `0 0 ${TREND.width} ${TREND.height}`, 'aria-hidden': 'true' },
    ...trendAxes(scale, currentLevel().periods),
    ...trendBand(own, scale),
    city.length > 0 ? trendLine(city, scale, dashed) : '',
    trendLine(own, scale, { stroke: CHART_LINE, 'stroke-width': 2.5 }),
    ...trendDots(own, scale),
  );
}

function trendRow(theme, period, area) {
  const cell = cellOf(theme.code, area, { ...state, period });
  const city = cellOf(theme.code, CITY, { ...state, period });
  const own = make('td', { class: 'value' }, valueText(theme, cell));
  own.append(smallPrint(intervalText(cell), statusText(cell)));
  const cells = [make('th', { scope: 'row' }, period), own];
  if (area !== CITY) cells.push(make('td', { class: 'value' }, valueText(theme, city)));
  return make('tr', {}, ...cells);
}

function trendTable(theme, area) {
  const names = [periodName(), areaTitle(area)];
  if (area !== CITY) names.push(data.city);
  const heads = names.map((name) => make('th', { scope: 'col' }, name));
  const rows = currentLevel().periods.map((period) => trendRow(theme, period, area));
  return make(
    'details',
    OPENS_IN_PRINT,
    make('summary', {}, say('trend_table')),
    make(
      'table',
      { class: 'over-time' },
      make('thead', {}, make('tr', {}, ...heads)),
      make('tbody', {}, ...rows),
    ),
  );
}

function trend(area) {
  const theme = themeByCode.get(state.theme);
  const periods = currentLevel().periods;
  const cells = periods.map((period) => cellOf(theme.code, area, { ...state, period }));
  if (cells.filter((cell) => cell.value !== null).length < 2) return [];
  const [first, last] = data.between;
  const reason = reasonText(changeOf(theme.code, area));
  const key = area === CITY ? 'trend_city_meaning' : 'trend_meaning';
  return [
    make('h3', {}, say('trend', { theme: theme.short })),
    make('p', { class: 'meaning-of' }, say(key, { city: data.city })),
    trendChart(theme, area),
    reason === ''
      ? ''
      : make('p', { class: 'meaning-of' }, say('trend_not', { first, last, reason })),
    trendTable(theme, area),
  ];
}
