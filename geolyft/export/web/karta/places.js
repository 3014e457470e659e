// @ts-check
// The names people use for places: delområden, streets and what is said in daily speech, with the
// areas that they lie in.

import { chooseArea } from './choose.js';
import { data, mainLevel } from './data.js';
import { make, makeButton, smallPrint } from './make.js';
import { areaTitle, say } from './say.js';
import { currentLevel } from './state.js';

const DELOMRADE = 'delomrade';

// Names that are alike in all but their name stand together: a name a line.
const kinds = Object.keys(data.places.kinds);
/** @type {Place[]} */
export const places = kinds
  .flatMap((kind) =>
    data.places.kinds[kind].flatMap(([area, parts, names, odd = '', even = '']) => {
      const within = parts.map((part) => data.places.parts[part]).join(', ');
      return names.split('\n').map((name) => ({ kind, area, within, odd, even, name }));
    }),
  )
  .sort(
    (one, other) =>
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind) ||
      (one.name < other.name ? -1 : Number(one.name > other.name)) ||
      one.area - other.area,
  );

/** @param {Place} place */
export const codeOf = ({ area }) => mainLevel.areas[area].code;

// ---- numbers of streets ----

// Whether a number of a street lies in the area, as far as that is known.
/** @type {(place: Place, number: number) => boolean} */
function holds({ odd, even }, number) {
  if (odd + even === '') return true;
  const stretches = (number % 2 === 1 ? odd : even).split(' ').filter(Boolean);
  return stretches.some((stretch) => {
    const [first, last = first] = stretch.split('-').map(Number);
    return first <= number && number <= last;
  });
}

// Without the areas that a street's number does not lie in, where it lies in another.
/** @type {<T extends { place?: Place }>(matches: T[], number: number) => T[]} */
export function byNumber(matches, number) {
  const held = matches.filter(({ place }) => place === undefined || holds(place, number));
  const isSame = (one, other) => one.kind === other.kind && one.name === other.name;
  const isElsewhere = (place) => held.some((other) => other.place && isSame(place, other.place));
  return matches.filter((match) => held.includes(match) || !isElsewhere(match.place));
}

/** @param {Place} place */
function numbersText({ odd, even }) {
  const known = [odd && 'odd', even && 'even'].filter(Boolean);
  if (known.length === 0) return '';
  const listed = (side) => side.replaceAll('-', '–').replaceAll(' ', ', ');
  return say('numbers_' + known.join('_'), { odd: listed(odd), even: listed(even) });
}

// ---- what is said of a place ----

/** @param {Place} place */
export const placeTitle = (place) => [place.name, numbersText(place)].filter(Boolean).join(', ');

// What a place is: a delområde, a street in two of them, or what a city calls it.
/** @param {Place} place */
export function kindText({ kind, within }) {
  const key = `kind_${kind}${within === '' ? '' : '_within'}`;
  return Object.hasOwn(data.words.page, key) ? say(key, { within }) : kind;
}

// The place that led to the area that is shown, until another area is chosen.
/** @type {Place | undefined} */
let found;

/** @param {Place} place */
export function choosePlace(place) {
  found = place;
  chooseArea(codeOf(place), { level: mainLevel.code, follow: true });
}

// Where the place that was looked for lies: here, and by which numbers elsewhere.
/** @param {string} area */
export function placeFound(area) {
  if (found === undefined || currentLevel() !== mainLevel) return '';
  const same = places.filter(({ kind, name }) => kind === found.kind && name === found.name);
  const here = same.find((place) => codeOf(place) === area);
  if (here === undefined) return '';
  const numbers = numbersText(here);
  const key = numbers === '' ? 'place_here' : 'place_here_numbers';
  const parts = { place: here.name, numbers, kind: kindText(here) };
  const answer = make('p', {}, say(key, parts));
  const others = same.filter((place) => place !== here).map(elsewhere);
  if (others.length === 0) return make('div', { class: 'place' }, answer);
  const also = make('p', {}, say('place_elsewhere', { place: here.name }));
  return make('div', { class: 'place' }, answer, also, make('ul', {}, ...others));
}

function elsewhere(place) {
  const press = () => choosePlace(place);
  const title = areaTitle(codeOf(place), mainLevel);
  const button = makeButton({ class: 'link' }, press, title);
  return make('li', {}, button, smallPrint(numbersText(place) || place.within));
}

// What an area is made of, in the city's own names.
/** @param {string} area */
export function partsOf(area) {
  if (currentLevel() !== mainLevel) return '';
  const parts = places.filter((place) => place.kind === DELOMRADE && codeOf(place) === area);
  if (parts.length === 0) return '';
  const names = parts.map(({ name }) => name).join(', ');
  return make('p', { class: 'fact parts' }, say('parts_of', { names }));
}
