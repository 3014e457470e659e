// @ts-check
// The small areas of an area, those that are pockets first.

import { chooseArea } from './choose.js';
import { CITY, cellOf, figureOf, mainLevel } from './data.js';
import { fillOf, swatch } from './fills.js';
import { make, makeButton, makeFolded, makeTitle } from './make.js';
import { areaTitle, columnName, parentOf, say, valueText } from './say.js';
import { currentLevel, currentTheme, state } from './state.js';

// A few at once; the rest are folded.
const MOST = 8;
const PLACES = new Map([
  [true, 0],
  [false, 1],
]);

/** @type {(figure: Figure) => string} */
function pocketText({ pocket }) {
  if (pocket === undefined) return '';
  return say(pocket ? 'pocket_sure' : 'pocket_unsure');
}

function smallButton({ code, figure, cell }) {
  const theme = currentTheme();
  const pocket = pocketText(cell);
  const button = makeButton(
    { 'data-small': code },
    () => chooseArea(code, { follow: true }),
    swatch(fillOf(theme, state.view, figure)),
    make('span', { class: 'name' }, areaTitle(code)),
    make('span', { class: 'value' }, valueText(theme, figure, state.view)),
    pocket === '' ? '' : make('small', { class: 'pocket' }, pocket),
  );
  return make('li', {}, button);
}

// Pockets first, the sure ones before the others; then from the worse side, and last what is not
// known.
function smallOf(area) {
  const { code: theme, good } = currentTheme();
  const sign = good === 'low' ? -1 : 1;
  const keyed = currentLevel()
    .areas.filter((small) => parentOf(small) === area)
    .map(({ code }) => {
      const [figure, cell] = [figureOf(theme, code, state), cellOf(theme, code, state)];
      const place = PLACES.get(cell.pocket) ?? (figure.value === null ? 3 : 2);
      return { code, figure, cell, place, key: sign * (figure.value ?? 0) };
    });
  return keyed.sort((one, other) => one.place - other.place || one.key - other.key);
}

function countsText(all) {
  const level = currentLevel().name;
  const known = all.filter(({ figure }) => figure.value !== null).length;
  const pockets = all.filter(({ cell }) => cell.pocket !== undefined);
  const sure = pockets.filter(({ cell }) => cell.pocket).length;
  const text = say('inside_known', { known, count: all.length, level });
  if (pockets.length === 0) return `${text} ${say('inside_no_pocket')}`;
  return `${text} ${say('inside_pockets', { count: pockets.length, sure })}`;
}

export function inside(area) {
  if (area === CITY || state.level === mainLevel.code || currentLevel().placeOf.has(area)) return [];
  const all = smallOf(area);
  if (all.length === 0) return [];
  const rows = all.map(smallButton);
  const theme = columnName(currentTheme(), state.view);
  const title = say('inside', { level: currentLevel().name, theme });
  const rest = make('ul', { class: 'near' }, ...rows.slice(MOST));
  const more = say('inside_more', { count: rows.length - MOST });
  return [
    ...makeTitle(title, countsText(all)),
    make('ul', { class: 'near small-areas' }, ...rows.slice(0, MOST)),
    rows.length > MOST ? makeFolded(more, rest) : '',
  ];
}
