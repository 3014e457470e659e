// Finding an area by its number, its name or a part of it, on every level: a combobox with a list,
// as the ARIA practices describe it.
'use strict';

const MOST_MATCHES = 8;
const found = { matches: [], active: -1 };

// Accents and case do not hinder a search: Möllevången is found as mollevangen.
function plain(text) {
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
function rankOf(entry, wanted) {
  if (entry.code === wanted) return 0;
  if (entry.short === wanted) return 1;
  if (entry.name.startsWith(wanted)) return 2;
  if (entry.name.split(/[\s,]+/).some((word) => word.startsWith(wanted))) return 3;
  if (entry.code.startsWith(wanted) || entry.short.startsWith(wanted)) return 4;
  if (`${entry.code} ${entry.name}`.includes(wanted)) return 5;
  return -1;
}

function matchesOf(text) {
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
  if (count === 0) return say('search_none');
  if (count === 1) return say('search_one');
  if (count > MOST_MATCHES) return say('search_more', { shown: MOST_MATCHES, count });
  return say('search_count', { count });
}

function showMatches() {
  const all = matchesOf(byId('sok').value);
  found.matches = all.slice(0, MOST_MATCHES);
  byId('sok-lista').replaceChildren(...found.matches.map(optionOf));
  const isEmpty = byId('sok').value.trim() === '';
  byId('sok-svar').textContent = isEmpty ? '' : matchText(all.length);
  openList(found.matches.length > 0);
  makeActive(-1);
}

function openList(isOpen) {
  byId('sok-lista').hidden = !isOpen;
  byId('sok').setAttribute('aria-expanded', String(isOpen));
  if (!isOpen) makeActive(-1);
}

function makeActive(place) {
  found.active = place;
  const options = [...byId('sok-lista').children];
  options.forEach((option, n) => option.setAttribute('aria-selected', String(n === place)));
  if (place < 0) {
    byId('sok').removeAttribute('aria-activedescendant');
    return;
  }
  byId('sok').setAttribute('aria-activedescendant', `sok-${place}`);
  options[place].scrollIntoView({ block: 'nearest' });
}

function takeMatch(place) {
  const { area, level } = found.matches[place];
  byId('sok').value = '';
  byId('sok-svar').textContent = '';
  openList(false);
  chooseArea(area.code, { level: level.code, follow: true });
}

function moveActive(step) {
  const count = found.matches.length;
  if (count === 0) return;
  openList(true);
  const from = found.active < 0 && step < 0 ? 0 : found.active;
  makeActive((from + step + count) % count);
}

const SEARCH_KEYS = {
  ArrowDown: () => moveActive(1),
  ArrowUp: () => moveActive(-1),
  Enter: () => found.matches.length > 0 && takeMatch(Math.max(found.active, 0)),
  Escape: () => {
    if (byId('sok-lista').hidden) {
      byId('sok').value = '';
      showMatches();
    }
    openList(false);
  },
};

function startSearch() {
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
