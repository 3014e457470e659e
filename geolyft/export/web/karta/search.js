// @ts-check
// Finding an area by its number, its name or a part of it, on every level, or by a place in it: a
// combobox with a list, as the ARIA practices describe it.

import { chooseArea } from './choose.js';
import { data, mainLevel } from './data.js';
import { shortCode } from './labels.js';
import { byId, make } from './make.js';
import { byNumber, choosePlace, codeOf, kindText, placeTitle, places } from './places.js';
import { areaTitle, parentOf, say } from './say.js';
import { plain, slips } from './spelling.js';

const MOST_MATCHES = 8;
const SHORTEST_WORD = 4;
// The rank of the best of what is spelt otherwise.
const FORGIVEN = 6;
const shown = { matches: [], active: -1 };

const areasOf = (level) =>
  level.areas.map((area) => ({
    level,
    area,
    said: [area.code, area.name].map((text) => text.toLowerCase()),
    code: plain(area.code),
    short: plain(shortCode(area.code, level)),
    name: plain(area.name),
  }));
const placed = places.map((place) => ({
  place,
  said: [place.name.toLowerCase()],
  name: plain(place.name),
}));
// Of equals the largest areas come first, then places in them, then smaller areas.
/** @type {Searched[]} */
const searchable = [
  ...areasOf(mainLevel),
  ...placed,
  ...data.levels.filter((level) => level !== mainLevel).flatMap(areasOf),
];

// What is asked for: as written, plain, and as a street and its number.
/** @param {string} text */
function wantedOf(text) {
  const whole = plain(text);
  const [, street = whole, number] = whole.match(/^(.+?) (\d{1,5}) ?[a-z]?$/) ?? [];
  return { text: text.trim().toLowerCase(), whole, street, number };
}

// How well an area or a place answers: its number first, then how its name begins, then what it
// holds.
/** @type {(entry: { code?: string, short?: string, name: string }, wanted: string) => number} */
export function rankOf({ code, short, name }, wanted) {
  const hasCode = code !== undefined;
  if (hasCode && code === wanted) return 0;
  if (name === wanted || (hasCode && short === wanted)) return 1;
  if (name.startsWith(wanted)) return 2;
  if (name.split(' ').some((word) => word.startsWith(wanted))) return 3;
  if (hasCode && (code.startsWith(wanted) || short.startsWith(wanted))) return 4;
  return `${hasCode ? code + ' ' : ''}${name}`.includes(wanted) ? 5 : -1;
}

// The same of what is spelt otherwise; it is asked only where nothing is spelt so.
/** @type {(entry: { name: string }, wanted: string) => number} */
function forgivenRank({ name }, wanted) {
  const words = name.split(' ').filter((word) => word.length >= SHORTEST_WORD);
  const slipped = [name, ...words].map((each) => slips(wanted, each) ?? Infinity);
  const fewest = Math.min(...slipped);
  return fewest === Infinity ? -1 : FORGIVEN + fewest;
}

function rankedBy(rank, { text, whole, street }) {
  return searchable
    .map((entry, order) => {
      const isSaid = entry.said.includes(text);
      return { ...entry, order, isSaid, rank: rank(entry, entry.place ? street : whole) };
    })
    .filter((entry) => entry.rank >= 0)
    .sort(
      (one, other) =>
        one.rank - other.rank ||
        Number(other.isSaid) - Number(one.isSaid) ||
        one.order - other.order,
    );
}

export function matchesOf(text) {
  const wanted = wantedOf(text);
  if (wanted.whole === '') return [];
  const exact = rankedBy(rankOf, wanted);
  const found = exact.length > 0 ? exact : rankedBy(forgivenRank, wanted);
  return wanted.number === undefined ? found : byNumber(found, Number(wanted.number));
}

function whereText({ level, area }) {
  const parent = parentOf(area);
  if (parent === undefined) return level.name;
  return say('small_kicker', { level: level.name, area: areaTitle(parent, mainLevel) });
}

// A place is told with the area that it leads to.
function textsOf({ place, area, level }) {
  if (place === undefined) return [areaTitle(area.code, level), whereText({ area, level })];
  const where = areaTitle(codeOf(place), mainLevel);
  return [placeTitle(place), say('place_in', { kind: kindText(place), area: where })];
}

function optionOf(match, place) {
  const [title, where] = textsOf(match);
  const option = make(
    'li',
    { role: 'option', id: `sok-${place}`, 'aria-selected': 'false' },
    make('span', {}, title),
    make('small', {}, where),
  );
  // The field keeps the focus: a press on the list must not take it.
  option.addEventListener('mousedown', (event) => event.preventDefault());
  option.addEventListener('click', () => takeMatch(place));
  return option;
}

function matchText(count) {
  if (count > MOST_MATCHES) return say('search_more', { shown: MOST_MATCHES, count });
  const none = places.length > 0 ? 'search_none_places' : 'search_none';
  return say({ 0: none, 1: 'search_one' }[count] ?? 'search_count', { count });
}

function showMatches() {
  const text = byId('sok').value;
  const all = matchesOf(text);
  shown.matches = all.slice(0, MOST_MATCHES);
  byId('sok-lista').replaceChildren(...shown.matches.map(optionOf));
  byId('sok-svar').textContent = text.trim() === '' ? '' : matchText(all.length);
  openList(shown.matches.length > 0);
  makeActive(-1);
}

function openList(isOpen) {
  byId('sok-lista').hidden = !isOpen;
  byId('sok').setAttribute('aria-expanded', String(isOpen));
  if (!isOpen) makeActive(-1);
}

function makeActive(place) {
  shown.active = place;
  byId('sok').removeAttribute('aria-activedescendant');
  [...byId('sok-lista').children].forEach((option, n) => {
    option.setAttribute('aria-selected', String(n === place));
    if (n !== place) return;
    byId('sok').setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  });
}

function takeMatch(place) {
  const { area, level, place: named } = shown.matches[place];
  byId('sok').value = '';
  byId('sok-svar').textContent = '';
  openList(false);
  if (named !== undefined) choosePlace(named);
  else chooseArea(area.code, { level: level.code, follow: true });
}

function moveActive(step) {
  const count = shown.matches.length;
  if (count === 0) return;
  openList(true);
  const from = shown.active < 0 && step < 0 ? 0 : shown.active;
  makeActive((from + step + count) % count);
}

/** @type {Record<string, () => unknown>} */
const SEARCH_KEYS = {
  ArrowDown: () => moveActive(1),
  ArrowUp: () => moveActive(-1),
  Enter: () => shown.matches.length > 0 && takeMatch(Math.max(shown.active, 0)),
  Escape: () => {
    if (byId('sok-lista').hidden) {
      byId('sok').value = '';
      showMatches();
    }
    openList(false);
  },
};

export function startSearch() {
  const field = byId('sok');
  field.addEventListener('input', showMatches);
  field.addEventListener('keydown', (event) => {
    const press = SEARCH_KEYS[event.key];
    if (press === undefined) return;
    event.preventDefault();
    press();
  });
  field.addEventListener('blur', () => openList(false));
  field.addEventListener('focus', () => field.value.trim() !== '' && showMatches());
}
