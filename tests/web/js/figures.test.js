import assert from 'node:assert/strict';
import test from 'node:test';

import { choices, load, python } from './page.js';

const { CITY, cellOf, changeOf, classOf, data, figuresOf } = await load('data');
const { figureOf, hasFigures, legendOf, levelByCode, sureSide, themeByCode } = await load('data');

const known = (cell) =>
  Object.fromEntries(Object.entries(cell).filter(([, part]) => part !== undefined));

test('every cell is read back as Python has it', () => {
  assert.ok(python.cells.length > 1000);
  for (const [choice, theme, area, cell] of python.cells) {
    const read = known(cellOf(theme, area, choice));
    assert.deepEqual(read, cell, `${theme} ${area} ${JSON.stringify(choice)}`);
    const city = cellOf(theme, CITY, choice).value;
    // Made of what is not rounded: the last digit may differ from that of the shown figures.
    if (read.gap !== undefined) assert.ok(Math.abs(read.gap - cell.value + city) < 0.101);
    assert.equal(read.gap === undefined, cell.value === null || city === null);
  }
});

test('every change is read back as Python has it', () => {
  assert.ok(python.changes.some(([, , cell]) => cell.reason));
  const [first] = choices();
  for (const [theme, area, cell] of python.changes) {
    assert.deepEqual(known(changeOf(theme, area, first)), cell, `${theme} ${area}`);
    assert.equal(changeOf(theme, area, { ...first, sex: 'kvinnor' }).value, null);
  }
});

test('no view tells a number of what is missing or hidden', () => {
  for (const choice of choices()) {
    for (const { code } of levelByCode.get(choice.level).areas) {
      const cell = cellOf(choice.theme, code, choice);
      const figure = figureOf(choice.theme, code, choice);
      if (choice.view === 'change' || cell.value !== null) continue;
      assert.equal(figure.value, null);
      for (const name of ['low', 'high', 'numerator', 'gap']) assert.equal(figure[name], undefined);
    }
  }
});

test('a theme has figures where any area has one', () => {
  const answers = new Set();
  for (const choice of choices()) {
    const any = figuresOf(choice.theme, choice).some((figure) => figure.value !== null);
    assert.equal(hasFigures(choice.theme, choice), any, JSON.stringify(choice));
    answers.add(any);
  }
  assert.equal(answers.size, 2);
});

test('a figure of the city alone, or half an interval without a figure, is no figure', () => {
  const [choice] = choices();
  const columns = levelByCode.get(choice.level).figures[choice.sex][choice.period];
  const rest = data.levels[0].areas.slice(1).map(() => null);
  columns.only_city = { value: [null, ...rest, 5], half: [5, ...rest, 5], gap: [null, ...rest, 0] };
  columns.no_city = { value: [5, ...rest, null] };
  const has = (theme, view) => hasFigures(theme, { ...choice, view });
  assert.deepEqual([has('only_city', 'value'), has('only_city', 'gap')], [false, false]);
  assert.deepEqual([has('no_city', 'value'), has('no_city', 'gap')], [true, false]);
  const [{ code }] = data.levels[0].areas;
  assert.equal(figureOf('only_city', code, { ...choice, view: 'quality' }).value, null);
});

test('a figure is in the class whose breaks are around it', () => {
  for (const theme of data.themes) {
    for (const view of data.views) {
      const legend = legendOf(theme, view);
      if (legend === undefined) continue;
      const places = legend.classes.map((_, place) => place);
      const inside = [legend.breaks[0] - 1, ...legend.breaks].map((tenths) => tenths / 10);
      const classes = inside.map((value) => classOf(theme, view, { value }));
      assert.deepEqual(classes, legend.mirrored ? places.reverse() : places);
      const unsure = classOf(theme, view, { value: 99, sure: false });
      assert.equal(unsure, Math.floor(legend.breaks.length / 2));
    }
  }
});

test('a sure side is the better one where the theme says so, and none where it is not sure', () => {
  const sides = { high: 1, low: -1 };
  for (const theme of [...themeByCode.values()]) {
    const moved = { value: 3, sure: true };
    assert.equal(sureSide(theme, 'change', moved), sides[theme.good]);
    assert.equal(sureSide(theme, 'change', { ...moved, value: -3 }), -sides[theme.good]);
    assert.equal(sureSide(theme, 'change', { ...moved, sure: false }), 0);
    for (const view of ['value', 'gap', 'quality']) {
      assert.equal(sureSide(theme, view, { value: 3, apart: true, better: true }), 1);
      assert.equal(sureSide(theme, view, { value: 3, apart: true, better: false }), -1);
      assert.equal(sureSide(theme, view, { value: 3, apart: false }), 0);
    }
  }
  assert.ok(data.themes.some((theme) => theme.good === 'low'));
});
