import assert from 'node:assert/strict';
import test from 'node:test';

import { choices, load, python } from './page.js';

const { figureOf, legendOf, levelByCode, themeByCode } = await load('data');
const { fileName, csvNumber, csvOfTable, csvText } = await load('download');
const { personsText } = await load('indicators');
const { certaintyText, intervalText, meaningOf, number, say } = await load('say');
const { sexName, signed, statusWords, valueText } = await load('say');
const { linesOf } = await load('picture');
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
  assert.ok(say('better').includes(content.city));
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

test('the sexes are girls and boys where a share is of children', () => {
  const of = Object.fromEntries(content.themes.map((theme) => [theme.code, theme]));
  assert.equal(sexName('män', of.D2), 'pojkar');
  assert.equal(sexName('kvinnor', of.E1), 'kvinnor');
  assert.equal(sexName('alla', of.U2), 'alla');
});

test('persons are as published, said with what they are, and none are not told', () => {
  const of = { counted: 'i arbete', among: 'i åldern' };
  assert.equal(personsText({ persons: 0, denominator: 100 }, of), '');
  assert.equal(personsText({ gap: 5, denominator: 100 }, of), '');
  const fewer = personsText({ persons: -45, denominator: 388 }, of);
  assert.ok(fewer.includes('45') && fewer.includes('färre i arbete'), fewer);
  const more = personsText({ persons: 310, denominator: 1017 }, of);
  assert.ok(more.includes('310') && more.includes('fler i arbete, av 1\u202f017 i åldern'), more);
});

test('only what is sure is called better, worse or changed, and every figure says its year', () => {
  const { better, worse } = content.words.page;
  const [side] = better.split('{city}');
  const before = { ...state };
  for (const choice of choices()) {
    Object.assign(state, choice);
    const theme = themeByCode.get(choice.theme);
    for (const { code } of levelByCode.get(choice.level).areas) {
      const figure = figureOf(choice.theme, code, choice);
      const words = [meaningOf(theme, choice.view, figure), certaintyText(figure)].join(', ');
      const isSure = choice.view !== 'change' && figure.value !== null && figure.apart === true;
      assert.equal(words.includes(side), isSure && figure.better, words);
      assert.equal(words.includes(worse.split('{city}')[0]), isSure && !figure.better, words);
      if (isSure) assert.ok(words.includes(choice.period), words);
      if (figure.sure === false) assert.equal(words, `, ${say('unsure_change')}`);
    }
  }
  Object.assign(state, before);
});

test('a class says lower or higher than the base year, as its value does', () => {
  const { much_lower, lower, near, higher, much_higher } = python.classes;
  const sides = new Map([
    [much_lower, -1],
    [lower, -1],
    [near, 0],
    [higher, 1],
    [much_higher, 1],
  ]);
  const than = (view) =>
    view === 'gap'
      ? python.classes.city_same.replace('{city}', content.city)
      : `${content.city} ${content.base}`;
  for (const theme of content.themes)
    for (const view of ['value', 'gap']) {
      const legend = legendOf(theme, view);
      const middle = (legend.breaks[1] + legend.breaks[2]) / 20;
      for (const limit of legend.breaks)
        for (const value of [limit / 10 - 0.1, limit / 10]) {
          const said = meaningOf(theme, view, { value });
          const side = [...sides].find(([text]) => said === text.replace('{than}', than(view)))[1];
          assert.ok(side === 0 || side === Math.sign(value - middle), `${theme.code} ${said}`);
        }
    }
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
      assert.match(fileName('csv'), /^[\p{L}\p{N}_-]+\.csv$/u);
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

test('lines of a picture keep every word in order, and are no longer than asked', () => {
  const text = 'Andel: förvärvsarbetande invånare 20–64 år, av invånare 20–64 år. '.repeat(4).trim();
  const lines = linesOf(text, 200);
  assert.equal(lines.join(' '), text);
  assert.ok(lines.every((line) => line.length <= 200 / 6 || !line.includes(' ')));
  assert.ok(lines.length > 3);
});
