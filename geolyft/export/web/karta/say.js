// @ts-check
// Words and numbers, written as readers of the page's language write them.

import { CITY, EVERYONE, data, levelByCode, mainLevel, themeByCode } from './data.js';
import { classOf, isHidden, isShare, legendOf, statusParts } from './data.js';
import { levelOf, state } from './state.js';

// What any sentence may name.
const [first, last] = data.between;
const COMMON = { city: data.city, base: data.base, first, last };

export function say(key, parts = {}) {
  const known = { ...COMMON, period: state.period, ...parts };
  return data.words.page[key].replace(/\{(\w+)\}/g, (_, name) => String(known[name]));
}

/** @param {number} value */
export function number(value, decimals = 1) {
  const signs = data.words.number;
  const [whole, rest] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, () => signs.thousands);
  const text = rest === undefined ? grouped : grouped + signs.decimal + rest;
  return (value < 0 && /[1-9]/.test(text) ? signs.minus : '') + text;
}

export function signed(value, decimals = 1) {
  const text = number(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? '+' + text : text;
}

export function absentText(figure, view = 'value') {
  if (isHidden(figure)) return say('status_hidden');
  return say(view === 'change' ? 'not_comparable' : 'status_missing');
}

// A figure of a view, short as a table has it.
/** @type {(theme: Theme, figure: Figure, view?: View) => string} */
export function valueText(theme, figure, view = 'value') {
  if (figure.value === null) return absentText(figure, view);
  if (view === 'quality') return '±\u00a0' + number(figure.value);
  if (view !== 'value') return signed(figure.value);
  return number(figure.value) + (isShare(theme) ? data.words.number.percent : '');
}

// The same with its unit, where it stands alone.
/** @type {(theme: Theme, figure: Figure, view?: View) => string} */
export function fullText(theme, figure, view = 'value') {
  const text = valueText(theme, figure, view);
  const hasUnit = view === 'value' || figure.value === null;
  return hasUnit ? text : `${text} ${say(isShare(theme) ? 'unit_share' : 'unit_score')}`;
}

/** @param {Figure} figure */
export function intervalText(figure) {
  if (figure.low === undefined || figure.high === undefined) return '';
  const key = figure.low < 0 ? 'interval_signed' : 'interval';
  return say(key, { low: number(figure.low), high: number(figure.high) });
}

// Whether an area is surely better or worse than the city of the same period, or surely changed.
/** @param {Figure} figure */
export function certaintyText(figure) {
  if (figure.value === null) return '';
  if (figure.sure !== undefined) return say(figure.sure ? 'sure_change' : 'unsure_change');
  if (figure.apart === undefined) return '';
  if (!figure.apart) return say('not_apart');
  return say(figure.better ? 'better' : 'worse');
}

// What the value itself already says (missing, hidden) is not said twice, nor what the banner says.
export function statusWords(cell) {
  const silent = ['ok', 'missing', 'hidden', data.synthetic ? 'synthetic' : ''];
  const parts = statusParts(cell).filter((part) => part && !silent.includes(part));
  return parts.map((part) => data.words.status[part]);
}
export const statusText = (cell) => statusWords(cell).join(', ');

export const reasonText = (figure) => (figure.reason ? say('reason_' + figure.reason) : '');

// Of a score: how many indicators it rests on.
/** @type {(theme: Theme, figure: Figure) => string} */
export function countedText(theme, cell) {
  if (cell.counted === undefined || theme.total === undefined) return '';
  return say('indicators_counted', { count: cell.counted, total: theme.total });
}

/** @param {Figure} cell */
export function countText({ numerator, denominator }) {
  if (numerator === undefined || denominator === undefined) return '';
  return say('fraction', { numerator: number(numerator, 0), denominator: number(denominator, 0) });
}

// What the class of a figure says; of what is not surely changed only that is said.
export function meaningOf(theme, view, figure) {
  if (figure.sure === false) return '';
  const place = classOf(theme, view, figure);
  return place === undefined ? '' : legendOf(theme, view).classes[place].meaning;
}

/**
 * Women and men, or girls and boys where a share is of children.
 *
 * @param {string} sex
 * @param {Theme} [theme]
 */
export function sexName(sex, theme) {
  const kind = theme?.children && sex !== EVERYONE ? 'child' : 'sex';
  return say(`${kind}_${sex.replace('ä', 'a')}`);
}

// What is chosen beside the theme, with what goes without saying left out.
/** @param {Choice} [choice] */
export function choiceText(choice = state) {
  const { theme, view, period, sex, level } = choice;
  const parts = view === 'change' ? [] : [period];
  if (sex !== EVERYONE) parts.push(sexName(sex, themeByCode.get(theme)));
  if (level !== mainLevel.code) parts.push(levelByCode.get(level).name);
  return parts.join(', ');
}

export function headingOf(theme) {
  return state.view === 'value' ? theme.name : say('heading_' + state.view, { theme: theme.name });
}

// The heading of a column: short.
export function columnName(theme, view) {
  if (view === 'value') return theme.short;
  const name = say('view_' + view);
  return `${theme.short}: ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

export const areaOf = (code, level = levelOf(code)) => level.areas[level.placeOf.get(code)];
// As the city writes it, and as it is read: "m fl" is spelt out.
export const areaName = (code, level = levelOf(code)) =>
  code === CITY ? data.city : areaOf(code, level).name;
const readName = (code, level) => areaName(code, level).replace(/\bm fl$/, say('and_others'));

// Code and name, once where they are the same. Of smaller areas, which can share a name, the code
// tells them apart.
export function areaTitle(code, level = levelOf(code)) {
  const name = readName(code, level);
  if (code === CITY || name === code) return name;
  return level === mainLevel ? `${code} ${name}` : `${name} ${code}`;
}
export const areaHeading = (code, level = levelOf(code)) =>
  level === mainLevel ? readName(code, level) : areaTitle(code, level);

// The area of the run that a smaller one lies in.
/** @param {Area | undefined} area */
export function parentOf(area) {
  return area?.inside === undefined ? undefined : mainLevel.areas[area.inside].code;
}

