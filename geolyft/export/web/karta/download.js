// @ts-check
// The table as a file for spreadsheets, made from the page's own data. No request is made: the file
// never leaves the browser before the reader saves it.

import { CITY, EVERYONE, data } from './data.js';
import { byId, make } from './make.js';
import { absentText, areaName, columnName, reasonText, say, sexName, statusWords } from './say.js';
import { currentLevel, state, themeWord } from './state.js';
import { codesInOrder, columnFigure, isChosen, tableColumns } from './table.js';

// What a spreadsheet takes a cell that begins with it for: a formula.
const FORMULA_SIGNS = ['=', '+', '-', '@', '\t', '\r'];

/** @param {string} text */
export function csvText(text) {
  const line = text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  // A leading apostrophe is how spreadsheets mark text.
  const safe = FORMULA_SIGNS.includes(text.charAt(0)) ? "'" + line : line;
  return `"${safe.replaceAll('"', '""')}"`;
}

// Numbers as a spreadsheet of the page's language reads them: no grouping, a plain minus sign.
/** @param {number | null | undefined} value */
export function csvNumber(value, decimals = 1) {
  if (value === null || value === undefined) return '';
  return value.toFixed(decimals).replace('.', data.words.number.decimal);
}

function csvTruth(truth) {
  return truth === undefined ? '' : csvText(say(truth ? 'yes' : 'no'));
}

function csvHeads(columns) {
  const names = ['code', 'name', 'level', 'period', 'sex'].map((name) => say('csv_' + name));
  for (const column of columns) {
    const name = columnName(column.theme, column.view);
    names.push(name);
    if (isChosen(column)) names.push(...chosenHeads(name));
  }
  if (data.synthetic) names.push(say('csv_data'));
  return names.map(csvText);
}

function chosenHeads(column) {
  const sure = state.view === 'change' ? 'sure' : 'apart';
  const names = ['low', 'high', 'numerator', 'denominator', sure, 'status'];
  return names.map((name) => say('csv_' + name, { column }));
}

function chosenParts(column, code) {
  const figure = columnFigure(column, code);
  const { low, high, numerator, denominator } = figure;
  const counts = state.view === 'value' ? [numerator, denominator] : [undefined, undefined];
  const known = state.view === 'change' ? figure.sure : figure.apart;
  const absent = figure.value === null ? absentText(figure, state.view) : '';
  const statuses = [absent, ...statusWords(figure), reasonText(figure)].filter(Boolean);
  return [
    csvNumber(low),
    csvNumber(high),
    ...counts.map((count) => csvNumber(count, 0)),
    csvTruth(figure.value === null ? undefined : known),
    csvText(statuses.join(', ')),
  ];
}

function csvRow(code, columns) {
  const named = [code === CITY ? '' : code, areaName(code), currentLevel().name];
  const parts = [...named, state.period, sexName(state.sex)].map(csvText);
  for (const column of columns) {
    parts.push(csvNumber(columnFigure(column, code).value));
    if (isChosen(column)) parts.push(...chosenParts(column, code));
  }
  if (data.synthetic) parts.push(csvText(byId('syntetiskt').textContent));
  return parts;
}

export function csvOfTable() {
  const columns = tableColumns();
  const separator = data.words.number.decimal === ',' ? ';' : ',';
  const codes = [CITY, ...codesInOrder(columns)];
  const rows = [csvHeads(columns), ...codes.map((code) => csvRow(code, columns))];
  // The mark in front tells spreadsheets that the text is UTF-8.
  return '\ufeff' + rows.map((parts) => parts.join(separator) + '\r\n').join('');
}

export function fileName(ending) {
  const sex = state.sex === EVERYONE ? '' : state.sex;
  const parts = [themeWord(state), state.period, sex, state.level].filter(Boolean);
  return `${parts.join('-').replace(/[^\p{L}\p{N}_-]+/gu, '_')}.${ending}`;
}

/** @param {Blob} blob */
export function save(blob, ending, name = fileName(ending)) {
  const address = URL.createObjectURL(blob);
  make('a', { href: address, download: name }).click();
  // The browser has taken what it needs when the click is over.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export function startDownload() {
  byId('hamta').addEventListener('click', () =>
    save(new Blob([csvOfTable()], { type: 'text/csv;charset=utf-8' }), 'csv'),
  );
}
