// @ts-check
// The areas that a reader has put beside each other: up to three, the chosen one among them.

import { page } from './choose.js';
import { CITY, mainLevel } from './data.js';
import { announce, byId, make, makeButton } from './make.js';
import { lowerSheet } from './phone.js';
import { areaTitle, say } from './say.js';
import { currentLevel, state } from './state.js';

const MOST = 3;

// Another level may not have an area that was pinned: it waits until that level is shown again.
const pinned = () =>
  state.pins.filter((code) => [currentLevel(), mainLevel].some(({ placeOf }) => placeOf.has(code)));

export function compared() {
  const codes = new Set([...pinned(), state.area]);
  codes.delete(CITY);
  return [...codes].slice(0, MOST);
}

const isFull = () => compared().length >= MOST;

/** @param {string[]} pins */
function setPins(pins, said, code) {
  state.pins = pins;
  page.updateArea();
  announce(say(said, { area: areaTitle(code), count: pinned().length }));
}

const addPin = (code) => setPins([...new Set([...pinned(), code])], 'pin_added', code);
const removePin = (code) =>
  setPins(
    state.pins.filter((each) => each !== code),
    'pin_removed',
    code,
  );

export function showComparison() {
  lowerSheet();
  byId('jamfor-rubrik').scrollIntoView();
  byId('jamfor-rubrik').focus({ preventScroll: true });
}

// The buttons of the panel: it is made anew, so that the focus is given back.
export function pinButtons(area) {
  if (area === CITY) return [];
  const isPinned = pinned().includes(area);
  const toggle = () => {
    if (isPinned) removePin(area);
    else addPin(area);
    byId('fast')?.focus();
  };
  const text = say(isPinned ? 'pin_remove' : 'pin_add');
  const press =
    isPinned || pinned().length < MOST
      ? makeButton({ class: 'back', id: 'fast' }, toggle, text)
      : '';
  if (pinned().length === 0) return [press];
  const see = say('pin_see', { count: compared().length });
  return [press, ' ', makeButton({ class: 'back' }, showComparison, see)];
}

// ---- the pinned, over a comparison ----

function chip(code) {
  const name = areaTitle(code);
  const label = `${say('pin_remove')}: ${name}`;
  const remove = () => {
    removePin(code);
    byId('lagg-till').focus();
  };
  const button = makeButton({ 'aria-label': label }, remove, '×');
  return make('li', {}, name, pinned().includes(code) ? button : '');
}

export function showPins() {
  const codes = compared();
  byId('fasta').replaceChildren(...codes.map(chip));
  byId('fasta-text').textContent = say(
    isFull() ? 'pin_full' : codes.length < 2 ? 'pin_hint' : 'pin_more',
  );
  const choice = byId('lagg-till');
  const { areas } = currentLevel();
  const options = areas
    .filter(({ code }) => !codes.includes(code))
    .map(({ code }) => make('option', { value: code }, areaTitle(code)));
  choice.replaceChildren(make('option', { value: '' }, say('pin_choose')), ...options);
  choice.disabled = isFull();
}

export function startPins() {
  byId('lagg-till').addEventListener('change', ({ target }) => {
    if (target.value === '') return;
    // The chosen area is one of those that are compared: it stays when another is chosen.
    state.pins = compared();
    addPin(target.value);
    byId('lagg-till').focus();
  });
}
