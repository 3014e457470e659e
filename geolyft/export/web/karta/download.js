// The table as a file for spreadsheets, made from the page's own data. No request is made: the file
// never leaves the browser before the reader saves it.
'use strict';

// What a spreadsheet takes a cell that begins with it for: a formula.
const FORMULA_SIGNS = ['=', '+', '-', '@', '\t', '\r'];

function csvText(text) {
  const line = text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  // A leading apostrophe is how spreadsheets mark text.
  const safe = FORMULA_SIGNS.includes(text.charAt(0)) ? "'" + line : line;
  return `"${safe.replaceAll('"', '""')}"`;
}

// Numbers as a spreadsheet of the page's language reads them: no grouping, a plain minus sign.
function csvNumber(value, decimals = 1) {
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
  const sure = say(state.view === 'change' ? 'csv_sure' : 'csv_apart');
  const counts = [say('csv_numerator'), say('csv_denominator')];
  return [
    say('csv_low', { column }),
    say('csv_high', { column }),
    ...counts,
    sure,
    say('csv_status'),
  ];
}

function chosenParts(column, code) {
  const figure = columnFigure(column, code);
  const isValue = state.view === 'value';
  const absent = figure.value === null ? [absentText(figure, state.view)] : [];
  return [
    csvNumber(figure.low),
    csvNumber(figure.high),
    csvNumber(isValue ? figure.numerator : undefined, 0),
    csvNumber(isValue ? figure.denominator : undefined, 0),
    csvTruth(
      figure.value === null ? undefined : state.view === 'change' ? figure.sure : figure.apart,
    ),
    csvText([...absent, ...statusWords(figure), reasonText(figure)].filter(Boolean).join(', ')),
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

function csvOfTable() {
  const columns = tableColumns();
  const separator = data.words.number.decimal === ',' ? ';' : ',';
  const codes = [CITY, ...codesInOrder(columns)];
  const rows = [csvHeads(columns), ...codes.map((code) => csvRow(code, columns))];
  // The mark in front tells spreadsheets that the text is UTF-8.
  return '\ufeff' + rows.map((parts) => parts.join(separator) + '\r\n').join('');
}

function csvName() {
  const parts = [themeWord(), state.period, state.sex === EVERYONE ? '' : state.sex, state.level];
  return (
    parts
      .filter(Boolean)
      .join('-')
      .replace(/[^\p{L}\p{N}_-]+/gu, '_') + '.csv'
  );
}

function download() {
  const blob = new Blob([csvOfTable()], { type: 'text/csv;charset=utf-8' });
  const link = make('a', { href: URL.createObjectURL(blob), download: csvName() });
  link.click();
  // The browser has taken what it needs when the click is over.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function startDownload() {
  byId('hamta').addEventListener('click', download);
}
