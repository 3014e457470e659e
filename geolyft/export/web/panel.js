// Words, numbers and the panel of one area. Everything from the data reaches the page through
// textContent or setAttribute, so that a name can never become markup.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const CITY = 'city';
const themeByCode = new Map(data.themes.map((theme) => [theme.code, theme]));
const areaByCode = new Map(data.areas.map((area) => [area.code, area]));
// The catalogue's own notes are written in Swedish whatever the language of the page.
const CATALOGUE_LANG = 'sv';

// What the reader has chosen.
const state = {
  theme: data.start,
  period: data.periods[data.periods.length - 1],
  area: CITY,
  sort: { column: 0, descending: false },
};

function say(key, parts = {}) {
  return data.words.page[key].replace(/\{(\w+)\}/g, (_, name) => String(parts[name]));
}

function number(value, decimals = 1) {
  const signs = data.words.number;
  const [whole, rest] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, () => signs.thousands);
  const text = rest === undefined ? grouped : grouped + signs.decimal + rest;
  return (value < 0 && /[1-9]/.test(text) ? signs.minus : '') + text;
}

function signed(value) {
  const text = number(value);
  return value > 0 && /[1-9]/.test(text) ? '+' + text : text;
}

function isShare(theme) {
  return theme.kind === 'indicator';
}

function isHidden(cell) {
  return cell.status.split('+').includes('hidden');
}

function isPartial(cell) {
  return cell.status.split('+').includes('partial');
}

function valueText(theme, cell) {
  if (cell.value === null) {
    if (theme.kind === 'change') return say('not_comparable');
    return say(isHidden(cell) ? 'status_hidden' : 'status_missing');
  }
  if (theme.kind === 'change') return signed(cell.value);
  return number(cell.value) + (isShare(theme) ? data.words.number.percent : '');
}

function intervalText(cell) {
  if (cell.low === undefined || cell.high === undefined) return '';
  return say('interval', { low: number(cell.low), high: number(cell.high) });
}

// Whether an area is surely apart from the city, or a change surely more than chance.
function certaintyText(cell) {
  if (cell.apart !== undefined) return say(cell.apart ? 'apart' : 'not_apart', { city: data.city });
  if (cell.sure !== undefined) return say(cell.sure ? 'sure_change' : 'unsure_change');
  return '';
}

// What the value itself already says (missing, hidden) is not said twice, nor what the banner says.
function statusWords(cell) {
  const silent = ['ok', 'missing', 'hidden', data.synthetic ? 'synthetic' : ''];
  const parts = cell.status.split('+').filter((part) => part && !silent.includes(part));
  return parts.map((part) => data.words.status[part]);
}

function statusText(cell) {
  return statusWords(cell).join(', ');
}

// Of a score: how many indicators it rests on.
function countedText(cell) {
  if (cell.counted === undefined) return '';
  return say('indicators_counted', { count: cell.counted, total: cell.total });
}

function cellOf(theme, period, area) {
  return data.values[theme][period][area];
}

function areaName(code) {
  return code === CITY ? data.city : areaByCode.get(code).name;
}

function meaningOf(theme, cell) {
  return cell.class === undefined ? '' : theme.classes[cell.class].meaning;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== ''));
  return element;
}

function makeSvg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A bar to the left or right of zero. The number beside it says the same, so it is decoration.
function bar(value, reach) {
  const width = Math.min(Math.abs(value) / reach, 1) * 50;
  const colour = data.colours[value < 0 ? 0 : data.colours.length - 1];
  const x = value < 0 ? 50 - width : 50;
  return makeSvg(
    'svg',
    { class: 'bar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    makeSvg('rect', { x: 0, y: 4.5, width: 100, height: 1, fill: '#d5dbe0' }),
    makeSvg('rect', { x, y: 1, width, height: 8, fill: colour }),
    makeSvg('rect', { x: 49.7, y: 0, width: 0.6, height: 10, fill: '#4b5863' }),
  );
}

// The widest distance from 100 among all areas, so that bars of two areas can be compared.
function reachOf(kind, pick) {
  let reach = 1;
  for (const theme of data.themes.filter((one) => one.kind === kind)) {
    for (const byArea of Object.values(data.values[theme.code])) {
      for (const cell of Object.values(byArea)) reach = Math.max(reach, Math.abs(pick(cell)));
    }
  }
  return reach;
}

const SCORE_REACH = reachOf('dimension', (cell) => (cell.value === null ? 0 : cell.value - 100));
const PART_REACH = reachOf('indicator', (cell) => cell.difference || 0);

function headline(area, period) {
  const theme = themeByCode.get('index');
  const cell = cellOf('index', period, area);
  const facts = (data.facts[period] || {})[area] || {};
  const known = cell.value !== null;
  const box = make('div', { class: 'headline' });
  const meaning = make('p', {}, make('strong', {}, theme.short));
  if (known && area !== CITY) meaning.append(': ' + meaningOf(theme, cell));
  const scale = say('points_meaning', { city: data.city, base: data.base });
  box.append(
    make('p', { class: known ? 'big' : 'big absent' }, valueText(theme, cell)),
    meaning,
    make(
      'small',
      {},
      [scale, intervalText(cell), certaintyText(cell), countedText(cell), statusText(cell)]
        .filter(Boolean)
        .join(' · '),
    ),
  );
  const parts = [box];
  if (facts.population !== undefined) {
    parts.push(
      make('p', { class: 'fact' }, say('population', { count: number(facts.population, 0) })),
    );
  }
  if (facts.story) parts.push(make('ul', { class: 'story' }, ...facts.story.map(sentence)));
  if (facts.rank_low !== undefined) parts.push(rankText(facts));
  parts.push(...changeText(area));
  return parts;
}

function sentence(text) {
  return make('li', {}, text);
}

// How far the index moved is told whichever period is shown.
function changeText(area) {
  const theme = themeByCode.get('forandring');
  if (!theme) return [];
  const cell = cellOf('forandring', data.periods[data.periods.length - 1], area);
  const details = [intervalText(cell), certaintyText(cell)].filter(Boolean).join(' · ');
  return [
    make(
      'p',
      { class: 'fact' },
      make('strong', {}, `${theme.name}: ${valueText(theme, cell)}`),
      make('br'),
      make('small', {}, details),
    ),
  ];
}

function rankText(facts) {
  const key = facts.rank_low === facts.rank_high ? 'rank_one' : 'rank';
  const text = say(key, {
    low: facts.rank_low,
    high: facts.rank_high,
    count: data.areas.length,
  });
  return make(
    'p',
    { class: 'fact' },
    make('strong', {}, text),
    make('br'),
    make('small', {}, say('rank_meaning')),
    ...oftenText(facts),
  );
}

function oftenText(facts) {
  if (facts.often === undefined) return [];
  const count = number(facts.variants, 0);
  const text = say('often', { share: facts.often, count, lowest: facts.lowest });
  return [make('br'), make('small', {}, text)];
}

function dimensionRow(theme, area, period) {
  const cell = cellOf(theme.code, period, area);
  const known = cell.value !== null;
  return make(
    'li',
    {},
    make('span', { class: 'name' }, theme.short),
    make('span', { class: known ? 'value' : 'value absent' }, valueText(theme, cell)),
    known ? bar(cell.value - 100, SCORE_REACH) : '',
    make(
      'small',
      {},
      [countedText(cell), intervalText(cell), certaintyText(cell), statusText(cell)]
        .filter(Boolean)
        .join(', '),
    ),
  );
}

function indicatorRow(theme, area, period) {
  const cell = cellOf(theme.code, period, area);
  const row = make(
    'li',
    {},
    make('span', { class: 'name' }, theme.short),
    make('span', { class: cell.value === null ? 'value absent' : 'value' }, valueText(theme, cell)),
  );
  if (area !== CITY && cell.value !== null) row.append(comparison(theme, cell, period));
  const details = [countText(cell), intervalText(cell), cell.reference, statusText(cell)];
  const text = details.filter(Boolean).join(' · ');
  if (text && cell.value !== null) row.append(make('small', {}, text));
  return row;
}

function countText(cell) {
  if (cell.numerator === undefined || cell.denominator === undefined) return '';
  return say('fraction', {
    numerator: number(cell.numerator, 0),
    denominator: number(cell.denominator, 0),
  });
}

function comparison(theme, cell, period) {
  const city = cellOf(theme.code, period, CITY);
  if (city.value === null) return '';
  const difference = cell.value - city.value;
  const isGood = theme.good === 'high' ? difference > 0 : difference < 0;
  const side = Math.abs(difference) < 0.05 ? 'level' : isGood ? 'good' : 'bad';
  return make(
    'span',
    { class: 'compare ' + side },
    say('difference', {
      value: signed(difference),
      city: say('city_value', { city: data.city, value: valueText(theme, city) }),
    }),
  );
}

function contributionRows(area, period) {
  const parts = data.themes
    .filter(isShare)
    .map((theme) => ({ theme, cell: cellOf(theme.code, period, area) }))
    .filter(({ cell }) => cell.difference !== undefined)
    .sort((one, other) => one.cell.difference - other.cell.difference);
  return parts.map(({ theme, cell }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, theme.short),
      make('td', {}, bar(cell.difference, PART_REACH)),
      make('td', { class: 'value' }, signed(cell.difference)),
    ),
  );
}

function contributions(area, period) {
  const rows = contributionRows(area, period);
  if (rows.length === 0 || area === CITY) return [];
  const total = cellOf('index', period, area).value - 100;
  const sum = make(
    'tr',
    { class: 'sum' },
    make('th', { scope: 'row' }, say('sum')),
    make('td', {}),
    make('td', { class: 'value' }, signed(total)),
  );
  return [
    make('h3', {}, say('contributions')),
    make(
      'table',
      { class: 'parts' },
      make('caption', {}, say('contributions_meaning')),
      make('tbody', {}, ...rows, sum),
    ),
  ];
}

function footnotes() {
  const items = data.themes
    .filter((theme) => isShare(theme) && theme.notes.length > 0)
    .map((theme) =>
      make(
        'li',
        {},
        make('strong', {}, theme.short + ': '),
        make('span', { lang: CATALOGUE_LANG }, theme.notes.join(' ')),
      ),
    );
  if (items.length === 0) return [];
  return [make('details', {}, make('summary', {}, say('footnotes')), make('ul', {}, ...items))];
}

function indicatorGroups(area, period) {
  const groups = [];
  for (const dimension of data.themes.filter((theme) => theme.kind === 'dimension')) {
    const parts = data.themes.filter((theme) => theme.dimension === dimension.code);
    const rows = parts.map((theme) => indicatorRow(theme, area, period));
    groups.push(make('h4', {}, dimension.short), make('ul', { class: 'rows' }, ...rows));
  }
  return groups;
}

function panelParts(area, period) {
  const dimensions = data.themes.filter((theme) => theme.kind === 'dimension');
  const rows = dimensions.map((theme) => dimensionRow(theme, area, period));
  return [
    ...headline(area, period),
    make('h3', {}, say('dimensions')),
    make('ul', { class: 'rows' }, ...rows),
    ...contributions(area, period),
    make('h3', {}, say('indicators')),
    ...indicatorGroups(area, period),
    ...footnotes(),
  ];
}

function showPanel(area, period, backToCity) {
  const heading = document.getElementById('panel-rubrik');
  const kicker =
    area === CITY ? say('city_kicker') : say('area_kicker', { code: areaByCode.get(area).code });
  heading.replaceChildren(make('small', {}, kicker), areaName(area));
  const content = document.getElementById('panel-innehall');
  content.replaceChildren(...panelParts(area, period).filter((part) => part !== ''));
  if (area === CITY) {
    content.prepend(make('p', { class: 'hint' }, say('city_hint')));
    return;
  }
  const back = make('button', { type: 'button', class: 'back' }, say('back_to_city'));
  back.addEventListener('click', backToCity);
  content.prepend(back);
}
