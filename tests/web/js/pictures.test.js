import assert from 'node:assert/strict';
import test from 'node:test';

import { load, python } from './page.js';

const { fillOf, lightness, patternOf } = await load('fills');
const { shiftsOf } = await load('labels');
const { byId } = await load('make');
const { quantile, rangeOf, spineScale } = await load('spine');
const { state } = await load('state');
const { mayJoin } = await load('trend');

const { content } = python;
const shares = content.themes.filter((theme) => theme.kind === 'indicator');

test('lightness goes from black to white', () => {
  assert.equal(lightness('#000000'), 0);
  assert.equal(lightness('#ffffff'), 1);
  assert.ok(lightness('#00ff00') > lightness('#ff0000'));
  assert.ok(lightness('#ff0000') > lightness('#0000ff'));
});

test('what colour alone must not say has a pattern', () => {
  const [theme] = content.themes;
  const ok = { value: 100, status: 'ok', apart: true };
  const kinds = [
    ok,
    { ...ok, status: 'partial', dotted: true },
    { ...ok, apart: false },
    { ...ok, value: null, status: 'missing' },
    { ...ok, value: null, status: 'hidden' },
  ];
  const fills = kinds.map((figure) => fillOf(theme, 'value', figure));
  assert.equal(new Set(fills).size, kinds.length);
  assert.match(fills[0], /^#/);
  for (const fill of fills.slice(1)) assert.match(fill, /^url\(#monster/);
  assert.match(fillOf(theme, 'change', { ...ok, apart: false }), /^#/);
});

test('the worse side has lines when a reader asks, and only then', () => {
  const [theme] = content.themes;
  const worst = { value: 1, status: 'ok', apart: true };
  assert.match(fillOf(theme, 'value', worst), /^#/);
  state.withPatterns = true;
  assert.match(fillOf(theme, 'value', worst), /lag2/);
  assert.match(fillOf(theme, 'value', { ...worst, value: 199 }), /^#/);
  state.withPatterns = false;
});

test('a pattern is made once', () => {
  const one = patternOf('#123456', { unsure: true });
  const count = byId('monster').children.length;
  assert.equal(patternOf('#123456', { unsure: true }), one);
  assert.equal(byId('monster').children.length, count);
  assert.notEqual(patternOf('#123456', { partial: true }), one);
});

test('a quantile lies between its neighbours, and the ends are the ends', () => {
  const sorted = [1, 4, 4, 10];
  assert.equal(quantile(sorted, 0), 1);
  assert.equal(quantile(sorted, 1), 10);
  assert.equal(quantile(sorted, 0.5), 4);
  assert.equal(quantile([2, 3], 0.25), 2.25);
});

test('the city is in the middle of a spine, and better is to the right', () => {
  for (const theme of shares) {
    const range = rangeOf(theme, state);
    if (range === undefined) continue;
    const scale = spineScale(theme, range);
    assert.equal(scale(range.city), 140);
    const [low, high] = [scale(range.city - 1), scale(range.city + 1)];
    assert.equal(Math.sign(high - low), theme.good === 'high' ? 1 : -1);
    for (const value of [-1e6, ...range.sorted, 1e6]) {
      assert.ok(scale(value) >= 2 && scale(value) <= 278);
    }
    assert.deepEqual([range.low, range.high], [range.sorted[0], Math.max(...range.sorted)]);
  }
});

test('only what is known, whole and counted anew is joined by a line', () => {
  const [theme] = shares;
  const one = { value: 1, status: 'ok', reference: '2022' };
  const other = { value: 2, status: 'ok', reference: '2023' };
  assert.ok(mayJoin(theme, one, other));
  assert.ok(!mayJoin(theme, one, { ...other, value: null }));
  assert.ok(!mayJoin(theme, { ...one, status: 'partial' }, other));
  assert.ok(!mayJoin(theme, one, { ...other, reference: '2022' }));
});

test('without any colour the worse end is the darkest', () => {
  const [worst, ...rest] = content.colours.score.map(lightness);
  for (const other of rest) assert.ok(other - worst > 0.1);
});

test('labels that lie on each other move aside, and the others stay', () => {
  const box = (x, y) => ({ left: x, right: x + 30, top: y, bottom: y + 18 });
  const boxes = [box(0, 0), box(100, 0), box(10, 4), box(5, 2), box(8, 8)];
  const shifts = shiftsOf(boxes);
  assert.deepEqual(shifts.slice(0, 2), [
    [0, 0],
    [0, 0],
  ]);
  const placed = boxes.map((one, n) => {
    const [x, y] = shifts[n];
    return {
      ...one,
      left: one.left + x,
      right: one.right + x,
      top: one.top + y,
      bottom: one.bottom + y,
    };
  });
  placed.forEach((one, n) => {
    for (const other of placed.slice(n + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      assert.ok(across <= 7 || down <= 7);
    }
  });
});
