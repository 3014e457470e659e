// Words and numbers, written as readers of the page's language write them.
'use strict';

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

function signed(value, decimals = 1) {
  const text = number(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? '+' + text : text;
}

function absentText(figure, view = 'value') {
  if (isHidden(figure)) return say('status_hidden');
  return say(view === 'change' ? 'not_comparable' : 'status_missing');
}

// A figure of a view, short as a table has it.
function valueText(theme, figure, view = 'value') {
  if (figure.value === null) return absentText(figure, view);
  if (view === 'quality') return '±\u00a0' + number(figure.value);
  if (view !== 'value') return signed(figure.value);
  return number(figure.value) + (isShare(theme) ? data.words.number.percent : '');
}

// The same with its unit, where it stands alone.
function fullText(theme, figure, view = 'value') {
  const text = valueText(theme, figure, view);
  const hasUnit = view === 'value' || figure.value === null;
  return hasUnit ? text : `${text} ${say(isShare(theme) ? 'unit_share' : 'unit_score')}`;
}

function intervalText(figure) {
  if (figure.low === undefined || figure.high === undefined) return '';
  const key = figure.low < 0 ? 'interval_signed' : 'interval';
  return say(key, { low: number(figure.low), high: number(figure.high) });
}

// Whether an area is surely apart from the city, or a change surely more than chance.
function certaintyText(figure) {
  if (figure.value === null) return '';
  if (figure.sure !== undefined) return say(figure.sure ? 'sure_change' : 'unsure_change');
  if (figure.apart === undefined) return '';
  return say(figure.apart ? 'apart' : 'not_apart', { city: data.city });
}

// What the value itself already says (missing, hidden) is not said twice, nor what the banner says.
function statusWords(cell) {
  const silent = ['ok', 'missing', 'hidden', data.synthetic ? 'synthetic' : ''];
  const parts = statusParts(cell).filter((part) => part && !silent.includes(part));
  return parts.map((part) => data.words.status[part]);
}

function statusText(cell) {
  return statusWords(cell).join(', ');
}

function reasonText(figure) {
  return figure.reason ? say('reason_' + figure.reason) : '';
}

// Of a score: how many indicators it rests on.
function countedText(theme, cell) {
  if (cell.counted === undefined || theme.total === undefined) return '';
  return say('indicators_counted', { count: cell.counted, total: theme.total });
}

function countText(cell) {
  if (cell.numerator === undefined || cell.denominator === undefined) return '';
  return say('fraction', {
    numerator: number(cell.numerator, 0),
    denominator: number(cell.denominator, 0),
  });
}

function meaningOf(theme, view, figure) {
  const place = classOf(theme, view, figure);
  return place === undefined ? '' : legendOf(theme, view).classes[place].meaning;
}

function sexName(sex) {
  return say({ alla: 'sex_alla', kvinnor: 'sex_kvinnor', män: 'sex_man' }[sex]);
}

// What is chosen beside the theme, with what goes without saying left out.
function choiceText() {
  const parts = state.view === 'change' ? [] : [state.period];
  if (state.sex !== EVERYONE) parts.push(sexName(state.sex));
  if (state.level !== mainLevel.code) parts.push(currentLevel().name);
  return parts.join(', ');
}

function headingOf(theme) {
  const [first, last] = data.between;
  if (state.view === 'value') return theme.name;
  return say('heading_' + state.view, { theme: theme.name, city: data.city, first, last });
}

// The heading of a column: short.
function columnName(theme, view) {
  if (view === 'value') return theme.short;
  const name = say('view_' + view, { city: data.city });
  return `${theme.short}: ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

function areaOf(code, level = currentLevel()) {
  return level.areas[level.placeOf.get(code)];
}

function areaName(code, level = currentLevel()) {
  return code === CITY ? data.city : areaOf(code, level).name;
}

// Code and name, once where they are the same.
function areaTitle(code, level = currentLevel()) {
  const name = areaName(code, level);
  return code === CITY || name === code ? name : `${code} ${name}`;
}

// The area of the run that a smaller one lies in.
function parentOf(area) {
  return area.inside === undefined ? undefined : mainLevel.areas[area.inside].code;
}

function periodName() {
  return byId('period-namn').textContent;
}
