// @ts-check
// Finding an area by its number, its name or a part of it, on every level: a combobox with a list,
// as the ARIA practices describe it.

import { chooseArea } from './choose.js';
import { data, mainLevel } from './data.js';
import { shortCode } from './labels.js';
import { byId, make } from './make.js';
import { areaTitle, parentOf, say } from './say.js';

const MOST_MATCHES = 8;
const shown = { matches: [], active: -1 };

// Accents and case do not hinder a search: Möllevången is found as mollevangen.
export function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const searchable = data.levels.flatMap((level) =>
  level.areas.map((area) => ({
    level,
    area,
    code: plain(area.code),
    short: plain(shortCode(area.code, level)),
    name: plain(area.name),
  })),
);

// How well an area answers: its number first, then how its name begins, then what it holds.
/** @type {(entry: { code: string, short: string, name: string }, wanted: string) => number} */
export function rankOf(entry, wanted) {
  if (entry.code === wanted) return 0;
  if (entry.short === wanted) return 1;
  if (entry.name.startsWith(wanted)) return 2;
  if (entry.name.split(/[\s,]+/).some((word) => word.startsWith(wanted))) return 3;
  if (entry.code.startsWith(wanted) || entry.short.startsWith(wanted)) return 4;
  if (`${entry.code} ${entry.name}`.includes(wanted)) return 5;
  return -1;
}

export function matchesOf(text) {
  const wanted = plain(text).trim().replace(/\s+/g, ' ');
  if (wanted === '') return [];
  return searchable
    .map((entry, place) => ({ ...entry, place, rank: rankOf(entry, wanted) }))
    .filter(({ rank }) => rank >= 0)
    .sort((one, other) => one.rank - other.rank || one.place - other.place);
}

function whereText({ level, area }) {
  const parent = parentOf(area);
  if (parent === undefined) return level.name;
  return say('small_kicker', { level: level.name, area: areaTitle(parent, mainLevel) });
}

function optionOf(match, place) {
  const option = make(
    'li',
    { role: 'option', id: `sok-${place}`, 'aria-selected': 'false' },
    make('span', {}, areaTitle(match.area.code, match.level)),
    make('small', {}, whereText(match)),
  );
  // The field keeps the focus: a press on the list must not take it.
  option.addEventListener('mousedown', (event) => event.preventDefault());
  option.addEventListener('click', () => takeMatch(place));
  return option;
}

function matchText(count) {
  if (count > MOST_MATCHES) return say('search_more', { shown: MOST_MATCHES, count });
  return say({ 0: 'search_none', 1: 'search_one' }[count] ?? 'search_count', { count });
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
  const { area, level } = shown.matches[place];
  byId('sok').value = '';
  byId('sok-svar').textContent = '';
  openList(false);
  chooseArea(area.code, { level: level.code, follow: true });
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
