import assert from 'node:assert/strict';
import test from 'node:test';

import { load, python } from './page.js';

const { areApart } = await load('beside');
const { contrastsOf } = await load('borders');
const { themeByCode } = await load('data');
const { sharedEdges } = await load('edges');
const { placesOf } = await load('ranked');
const { placeNames } = await load('scatter');
const { choiceFromHash, hashOf, state } = await load('state');

const figure = (value, half) => ({ value, low: value - half, high: value + half });

test('figures are apart only where their intervals do not meet', () => {
  assert.equal(areApart(figure(1, 1), figure(4, 1)), true);
  assert.equal(areApart(figure(4, 1), figure(1, 1)), true);
  assert.equal(areApart(figure(1, 1), figure(3, 1)), false);
  assert.equal(areApart(figure(1, 1), { value: 9 }), undefined);
});

test('what intervals do not tell apart shares places', () => {
  const figures = [figure(10, 1), figure(11, 1), figure(20, 1)];
  assert.deepEqual(placesOf(figures, 'high'), [
    [1, 2],
    [1, 2],
    [3, 3],
  ]);
  assert.deepEqual(placesOf([...figures].reverse(), 'low'), [
    [1, 1],
    [2, 3],
    [2, 3],
  ]);
  assert.deepEqual(placesOf([{ value: 5 }, { value: 5 }, { value: 6 }], 'high'), [
    [1, 2],
    [1, 2],
    [3, 3],
  ]);
});

test('places hold every order that the intervals allow', () => {
  const figures = [3, 1, 4, 1, 5, 9, 2, 6].map((value, n) => figure(value, (n % 3) / 2));
  const all = placesOf(figures, 'high');
  for (const side of ['low', 'high', 'value']) {
    const order = figures.map((one) => one[side]);
    order.forEach((value, n) => {
      const place = 1 + order.filter((other) => other < value).length;
      assert.ok(all[n][0] <= place && place <= all[n][1]);
    });
  }
});

test('names lie on no other name and no other dot', () => {
  const texts = Array.from({ length: 14 }, (_, n) => ({
    x: 60 + ((n * 37) % 500),
    y: 30 + ((n * 53) % 340),
    text: `${n} Område med namn`,
  }));
  const boxes = placeNames(texts).filter(Boolean);
  assert.ok(boxes.length > 7);
  boxes.forEach((one, n) => {
    for (const other of boxes.slice(n + 1)) {
      const apart =
        one.x >= other.x + other.width ||
        other.x >= one.x + one.width ||
        one.y >= other.y + other.height ||
        other.y >= one.y + one.height;
      assert.ok(apart);
    }
  });
});

test('the contrast of every border is the one that Python computed', () => {
  let known = 0;
  for (const [period, theme, one, other, size, least, most] of python.contrasts) {
    Object.assign(state, { period, theme, level: python.content.levels[0].code, sex: 'alla' });
    const found = contrastsOf(themeByCode.get(theme)).find(
      ({ codes }) => codes.includes(one) && codes.includes(other),
    );
    assert.deepEqual(
      [found.value, found.low, found.high],
      [size, least, most],
      `${theme} ${one} ${other}`,
    );
    assert.equal(found.worse, one);
    known += 1;
  }
  assert.ok(known > 50);
});

test('a border is the steps that both sides have', () => {
  const corner = (lat, lng) => ({ lat, lng });
  const layer = (corners) => ({ getLatLngs: () => [[corners]] });
  const one = [corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0)];
  const other = [corner(1, 1), corner(0, 1), corner(0, 2), corner(1, 2)];
  const shared = sharedEdges([
    ['a', layer(one)],
    ['b', layer(other)],
  ]);
  assert.deepEqual([...shared.keys()], ['a|b']);
  assert.equal(shared.get('a|b').length, 1);
});

test('an address keeps the comparison, the order, the pattern and the place', () => {
  const [one, other] = python.content.levels[0].areas.map(({ code }) => code);
  const kept = {
    compare: 'samband',
    pins: [one, other],
    against: 'E1',
    sort: { column: 2, descending: true },
    withPatterns: true,
    place: [55.6, 13.01, 12.25],
  };
  const choice = { ...choiceFromHash('#tema='), ...kept };
  assert.deepEqual(choiceFromHash(hashOf(choice)), choice);
  for (const wrong of [
    'visa=annat',
    'jamfor=okänt',
    'mot=x',
    'ordning=-',
    'monster=1',
    'plats=1_2',
  ]) {
    assert.deepEqual(choiceFromHash('#' + wrong), choiceFromHash('#tema='), wrong);
  }
});
