import assert from 'node:assert/strict';
import test from 'node:test';

import { choices, load, python } from './page.js';

const { choiceFromHash, hashOf, nearestPeriod, state } = await load('state');

const opening = choiceFromHash('#tema=');

test('an address gives back the choice that it was made of', () => {
  const addresses = new Set();
  for (const choice of choices()) {
    const { areas } = python.content.levels.find(({ code }) => code === choice.level);
    for (const area of ['city', areas.at(0).code, areas.at(-1).code]) {
      const hash = hashOf({ ...choice, area });
      assert.deepEqual(choiceFromHash(hash), { ...opening, ...choice, area }, hash);
      assert.ok(!addresses.has(hash), `two choices have the address ${hash}`);
      addresses.add(hash);
    }
  }
});

test('a view alone is of the index', () => {
  for (const [word, view] of Object.entries({ skillnad: 'gap', kvalitet: 'quality' })) {
    const choice = choiceFromHash(`#tema=${word}`);
    assert.deepEqual([choice.theme, choice.view], ['index', view]);
    assert.equal(hashOf(choice), `#tema=${word}&period=${opening.period}`);
  }
});

test('what the data does not know is as if it were not there', () => {
  const words = ['okänt', '__proto__', 'constructor', 'kvalitet-okänt', '1999', '<script>', '%'];
  for (const name of ['tema', 'period', 'kon', 'niva', 'omrade'])
    for (const word of words) {
      const hash = '#' + new URLSearchParams({ [name]: word });
      assert.deepEqual(choiceFromHash(hash), opening, hash);
    }
});

test('an address that is not of the page chooses nothing', () => {
  for (const hash of ['', '#', '#panel-rubrik', '#annat=1']) {
    assert.equal(choiceFromHash(hash), undefined);
  }
});

test('the page opens on what an empty address says', () => {
  assert.deepEqual({ ...state, ...opening }, state);
  assert.equal(opening.area, 'city');
});

test('a period that a level does not have is its latest', () => {
  const level = { periods: ['2022', '2024'] };
  assert.equal(nearestPeriod(level, '2022'), '2022');
  for (const other of ['2023', '', null]) assert.equal(nearestPeriod(level, other), '2024');
});
