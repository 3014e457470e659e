// One indicator of an area against the city and the range of all areas.
'use strict';

const SPINE = { width: 280, height: 20, reach: 130 };

function quantile(sorted, share) {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

// All areas' figures of an indicator in order, or nothing when there is nothing to compare.
function rangeOf(theme, choice = state) {
  const column = columnOf(theme.code, choice);
  if (column === undefined || column.value === undefined) return undefined;
  const known = column.value.slice(0, -1).filter((one) => one !== null);
  const city = column.value[column.value.length - 1];
  if (known.length < 2 || city === null) return undefined;
  const sorted = known.map((one) => one / 10).sort((one, other) => one - other);
  return { sorted, city: city / 10, low: sorted[0], high: sorted[sorted.length - 1] };
}

// Better is always to the right, and the area furthest from the city reaches an end.
function spineScale(theme, range) {
  const away = Math.max(Math.abs(range.low - range.city), Math.abs(range.high - range.city), 0.1);
  const side = theme.good === 'low' ? -1 : 1;
  return (value) => {
    const x = SPINE.width / 2 + (side * (value - range.city) * SPINE.reach) / away;
    return Math.min(Math.max(x, 2), SPINE.width - 2);
  };
}

function spineBar(scale, ends, y, height, fill) {
  const [left, right] = ends.map(scale).sort((one, other) => one - other);
  return makeSvg('rect', { x: left, y, width: Math.max(right - left, 1), height, rx: 1, fill });
}

function spineDot(theme, cell, scale) {
  const x = scale(cell.value);
  const colour = scoreColours()[classOf(theme, 'value', cell)] || '#ffffff';
  const parts = [];
  if (cell.low !== undefined && cell.high !== undefined) {
    const ends = { x1: scale(cell.low), x2: scale(cell.high), y1: 10, y2: 10 };
    parts.push(makeSvg('line', { ...ends, stroke: CHART_INK, 'stroke-width': 2 }));
  }
  const fill = cell.apart ? colour : '#ffffff';
  const edge = { stroke: CHART_INK, 'stroke-width': 1.5 };
  parts.push(makeSvg('circle', { cx: x, cy: 10, r: 5, fill, ...edge }));
  return parts;
}

function spine(theme, cell, range) {
  const { width, height } = SPINE;
  const scale = spineScale(theme, range);
  const middle = [quantile(range.sorted, 0.25), quantile(range.sorted, 0.75)];
  const city = { x1: width / 2, x2: width / 2, y1: 1, y2: height - 1 };
  return makeSvg(
    'svg',
    { class: 'spine', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    spineBar(scale, [range.low, range.high], 5, 10, CHART_RANGE),
    spineBar(scale, middle, 5, 10, CHART_MIDDLE),
    makeSvg('line', { ...city, stroke: CHART_INK, 'stroke-width': 1.5 }),
    ...(cell === undefined || cell.value === null ? [] : spineDot(theme, cell, scale)),
  );
}
