import assert from 'node:assert/strict';
import test from 'node:test';

import { load, python } from './page.js';

const { cornersOf } = await load('shapes');
const { levelByCode } = await load('data');
const { shortCode, waitingOf } = await load('labels');
const { codeOf } = await load('places');
const { matchesOf, rankOf } = await load('search');
const { plain } = await load('spelling');

const { levels } = python.content;

test('case and accents do not hinder a search', () => {
  assert.equal(plain('Möllevången É'), 'mollevangen e');
  const codes = (text) => matchesOf(text).map(({ area }) => area.code);
  for (const { name } of levels[0].areas) {
    assert.deepEqual(codes(name.toUpperCase()), codes(plain(name)));
  }
});

test('every area is the first that its own code finds', () => {
  for (const level of levels) {
    for (const { code } of level.areas) assert.equal(matchesOf(` ${code} `)[0].area.code, code);
  }
});

test('a closer answer comes before one further away', () => {
  const entry = { code: '1280c1010', short: '1010', name: 'vastra hamnen, dockan' };
  const wanted = ['1280c1010', '1010', 'vastra', 'dock', '10', 'stra ham', 'nowhere'];
  assert.deepEqual(
    wanted.map((one) => rankOf(entry, one)),
    [0, 1, 2, 3, 4, 5, -1],
  );
  const names = matchesOf('hamnen').map(({ area }) => area.name);
  assert.deepEqual(names, ['Hamnen', 'Vid Hamnen']);
  assert.deepEqual(matchesOf('  '), []);
});

test('the map finds what the library finds, in the same order', () => {
  const found = ({ place, level, area }) =>
    place ? [place.kind, place.name, codeOf(place)] : [level.code, area.name, area.code];
  assert.ok(python.asked.length > 200);
  for (const [query, places] of python.asked) {
    assert.deepEqual(matchesOf(query).map(found), places, query);
  }
});

test('codes on the map leave out what they share, where that says something', () => {
  const [main, small] = levels.map(({ code }) => levelByCode.get(code));
  for (const { code } of main.areas) assert.equal(shortCode(code, main), code);
  const short = small.areas.map(({ code }) => shortCode(code, small));
  assert.equal(new Set(short).size, small.areas.length);
  small.areas.forEach(({ code }, n) => assert.ok(code.endsWith(short[n]) && short[n] !== code));
  // The run's own areas keep their codes, whatever they share.
  main.areas = small.areas;
  for (const { code } of main.areas) assert.equal(shortCode(code, main), code);
});

test('a ring is drawn through the corners that its steps go to', () => {
  const corners = [5_560_000, 1_300_000, 5_560_010, 1_299_990, 5_559_000, 1_300_001];
  const steps = corners.map((one, n) => one - (corners[n - 2] ?? 0));
  const expected = [0, 2, 4].map((n) => [corners[n] / 1e5, corners[n + 1] / 1e5]);
  assert.deepEqual(cornersOf(steps), expected);
});

test('labels that are shown do not lie on each other, and what waits has a reason', () => {
  const box = (left, top, width = 20) => {
    return { left, top, width, right: left + width, bottom: top + 10 };
  };
  const room = box(0, 0, 30);
  const near = [box(0, 0), box(10, 2), box(17, 0), box(-17, 0)];
  const labels = [...near, box(40, 0), box(90, 0, 31), box(40, 30)];
  const waits = waitingOf(labels.map((one) => ({ box: one, room })));
  // One under the first, two that only touch it, one that is wider than its area.
  assert.deepEqual(waits, [false, true, false, false, false, true, false]);
});
