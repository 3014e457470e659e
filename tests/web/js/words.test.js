import assert from 'node:assert/strict';
import test from 'node:test';

import { load, python } from './page.js';

const { csvName, csvNumber, csvOfTable, csvText } = await load('download');
const { personsText } = await load('indicators');
const { intervalText, number, say, signed, statusWords, valueText } = await load('say');
const { state } = await load('state');
const { codesInOrder, columnFigure, tableColumns } = await load('table');

const { content } = python;

test('numbers are written as Python writes them', () => {
  for (const [value, decimals, text, withSign] of python.numbers) {
    assert.equal(number(value, decimals), text);
    assert.equal(signed(value, decimals), withSign);
  }
});

test('what rounds to nothing has no sign', () => {
  for (const value of [0, 0.04, -0.04]) assert.equal(signed(value), number(0));
});

test('a sentence names the city without being told, and nothing is left to be filled in', () => {
  assert.ok(say('apart').includes(content.city));
  assert.equal(say('city_value', { city: 'A', value: 'B' }), 'A B');
  for (const key of ['heading_gap', 'points_meaning', 'about_change_score', 'trend_not']) {
    const sentence = say(key, { theme: 'T', reason: 'R' });
    assert.doesNotMatch(sentence, /[{}]|undefined/, key);
  }
});

test('a value that is not there is said in words and never as a number', () => {
  const [theme] = content.themes;
  for (const view of content.views) {
    const missing = valueText(theme, { value: null, status: 'missing' }, view);
    const hidden = valueText(theme, { value: null, status: 'hidden+stale' }, view);
    assert.doesNotMatch(missing + hidden, /\d/);
    assert.notEqual(missing, hidden);
  }
  assert.equal(intervalText({ value: 3 }), '');
  assert.deepEqual(statusWords({ status: 'ok' }), []);
  assert.deepEqual(statusWords({ status: 'stale+hidden' }), [content.words.status.stale]);
});

test('persons are rounded, and none are not told', () => {
  assert.equal(personsText({ gap: 0.1, denominator: 100 }), '');
  assert.equal(personsText({ gap: 5 }), '');
  assert.ok(personsText({ gap: -12, denominator: 388 }).includes('45'));
  assert.ok(personsText({ gap: 30, denominator: 1017 }).includes('310'));
});

test('a text for a spreadsheet is one quoted cell, and no formula', () => {
  for (const sign of ['=', '+', '-', '@', '\t', '\r']) {
    assert.equal(csvText(`${sign}1`).slice(0, 2), `"'`);
  }
  for (const text of ['a', 'a "b" c', '"', 'a;b', 'a\r\nb\u2028c', '']) {
    const cell = csvText(text);
    assert.match(cell, /^"(?:[^"\r\n\u2028]|"")*"$/);
    const line = text.replace(/[\r\n\u2028]+/g, ' ');
    assert.equal(cell.slice(1, -1).replaceAll('""', '"'), line);
  }
});

test('a number for a spreadsheet has no grouping and the sign of a keyboard', () => {
  assert.equal(csvNumber(-1234567.5), '-1234567,5');
  assert.equal(csvNumber(null), '');
  assert.equal(csvNumber(12, 0), '12');
});

test('every row of the file has a cell for every heading, in every view', () => {
  for (const view of content.views) {
    for (const theme of ['E1', 'index']) {
      Object.assign(state, { view, theme });
      const lines = csvOfTable().slice(1).trimEnd().split('\r\n');
      // Empty, a number, or a quoted text.
      const cells = lines.map((line) => line.match(/("(?:[^"]|"")*"|[^;]*)(?:;|$)/g).length);
      assert.equal(new Set(cells).size, 1);
      assert.equal(lines.length, content.levels[0].areas.length + 2);
      assert.match(csvName(), /^[\p{L}\p{N}_-]+\.csv$/u);
    }
  }
});

test('what has no value stays last in both directions', () => {
  Object.assign(state, { view: 'value', theme: 'D3' });
  const columns = tableColumns();
  const inOrder = [false, true].map((descending) => {
    state.sort = { column: 1, descending };
    return codesInOrder(columns).map((code) => columnFigure(columns[0], code).value);
  });
  for (const values of inOrder) {
    const known = values.filter((value) => value !== null);
    assert.deepEqual(values.slice(known.length), [null]);
  }
  const [up, down] = inOrder.map((values) => values.slice(0, -1));
  assert.deepEqual(up, down.toReversed());
  assert.deepEqual(up, up.toSorted((one, other) => one - other));
});
