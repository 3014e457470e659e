// The dimensions and indicators of one area, and what they do to its index.
'use strict';

// The widest distance from 100 among all areas of the level, so that bars of two areas can be
// compared.
const reaches = new Map();

function reachOf(kind, part, middle) {
  const key = state.level + kind;
  if (reaches.has(key)) return reaches.get(key);
  let reach = 10;
  const codes = data.themes.filter((theme) => theme.kind === kind).map((theme) => theme.code);
  for (const byPeriod of Object.values(currentLevel().figures)) {
    for (const columns of Object.values(byPeriod)) {
      for (const code of codes) {
        const numbers = (columns[code] || {})[part] || [];
        for (const one of numbers)
          if (one !== null) reach = Math.max(reach, Math.abs(one - middle));
      }
    }
  }
  reaches.set(key, reach / 10);
  return reach / 10;
}

function dimensionRow(theme, area) {
  const cell = cellOf(theme.code, area);
  const known = cell.value !== null;
  return make(
    'li',
    {},
    make('span', { class: 'name' }, theme.short),
    make('span', { class: known ? 'value' : 'value absent' }, valueText(theme, cell)),
    known ? bar(cell.value - 100, reachOf('dimension', 'value', 1000)) : '',
    smallPrint(countedText(theme, cell), intervalText(cell), certaintyText(cell), statusText(cell)),
  );
}

function dimensionList(area) {
  const dimensions = data.themes.filter((theme) => theme.kind === 'dimension');
  return [
    make('h3', {}, say('dimensions')),
    make('ul', { class: 'rows' }, ...dimensions.map((theme) => dimensionRow(theme, area))),
  ];
}

function indicatorRow(theme, area) {
  const cell = cellOf(theme.code, area);
  const range = rangeOf(theme);
  const known = cell.value !== null;
  const row = make(
    'li',
    {},
    make('span', { class: 'name' }, theme.short),
    make('span', { class: known ? 'value' : 'value absent' }, valueText(theme, cell)),
    range === undefined ? '' : spine(theme, area === CITY ? undefined : cell, range),
  );
  if (known && area !== CITY) row.append(comparison(theme, cell));
  const among = range && say('spine_range', { low: number(range.low), high: number(range.high) });
  const details = [countText(cell), intervalText(cell), certaintyText(cell), cell.reference];
  row.append(known ? smallPrint(...details, statusText(cell), among) : smallPrint(among));
  return row;
}

// The difference in percentage points, and about how many that is of those the share is of.
function comparison(theme, cell) {
  const city = cellOf(theme.code, CITY);
  if (city.value === null) return '';
  const isGood = theme.good === 'high' ? cell.gap > 0 : cell.gap < 0;
  const side = cell.gap === 0 ? 'level' : isGood ? 'good' : 'bad';
  const named = say('city_value', { city: data.city, value: valueText(theme, city) });
  const text = say('difference', { value: signed(cell.gap), city: named });
  return make(
    'span',
    { class: 'compare ' + side },
    [text, personsText(cell)].filter(Boolean).join(', '),
  );
}

function personsText(cell) {
  if (cell.denominator === undefined) return '';
  const persons = Math.abs(cell.gap / 100) * cell.denominator;
  const step = persons < 100 ? 5 : 10;
  const count = Math.round(persons / step) * step;
  if (count === 0) return '';
  const all = number(cell.denominator, 0);
  return say('difference_count', { count: number(count, 0), all });
}

function indicatorGroups(area) {
  const key = area === CITY ? 'spine_city_meaning' : 'spine_meaning';
  const parts = [
    make('h3', {}, say('spine', { city: data.city })),
    make('p', { class: 'meaning-of' }, say(key, { city: data.city })),
  ];
  for (const dimension of data.themes.filter((theme) => theme.kind === 'dimension')) {
    const own = data.themes.filter((theme) => theme.dimension === dimension.code);
    const rows = own.map((theme) => indicatorRow(theme, area));
    parts.push(make('h4', {}, dimension.short), make('ul', { class: 'rows' }, ...rows));
  }
  return parts;
}

// ---- what pulls up and down ----

function contributionRows(area) {
  const parts = data.themes
    .filter(isShare)
    .map((theme) => ({ theme, part: cellOf(theme.code, area).part }))
    .filter(({ part }) => part !== undefined)
    .sort((one, other) => one.part - other.part);
  return parts.map(({ theme, part }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, theme.short),
      make('td', {}, bar(part, reachOf('indicator', 'part', 0))),
      make('td', { class: 'value' }, signed(part)),
    ),
  );
}

function contributions(area) {
  const index = cellOf(INDEX, area);
  const rows = contributionRows(area);
  if (rows.length === 0 || area === CITY || index.value === null) return [];
  const sum = make(
    'tr',
    { class: 'sum' },
    make('th', { scope: 'row' }, say('sum')),
    make('td', {}),
    make('td', { class: 'value' }, signed(index.value - 100)),
  );
  const caption = make('caption', {}, say('contributions_meaning'));
  return [
    make('h3', {}, say('contributions')),
    make('table', { class: 'parts' }, caption, make('tbody', {}, ...rows, sum)),
  ];
}
