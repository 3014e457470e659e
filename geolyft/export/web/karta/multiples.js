// @ts-check
// A theme over the periods, a small chart for each area, all on one scale.

import { chooseArea } from './choose.js';
import { changeOf } from './data.js';
import { make, makeButton } from './make.js';
import { compared } from './pins.js';
import { areaTitle, certaintyText, fullText, parentOf, say } from './say.js';
import { choiceOf, currentLevel, currentTheme, isLarge, state } from './state.js';
import { trendCells, trendChart, trendTable } from './trend.js';

// Those that are compared; else all, where they are few, or those in the chosen area.
function areasOf() {
  const codes = compared();
  const { areas } = currentLevel();
  if (codes.length > 1) return codes;
  if (!isLarge(currentLevel())) return areas.map(({ code }) => code);
  return areas.filter((area) => parentOf(area) === state.area).map(({ code }) => code);
}

// What may be chance is said to be that before any number.
function changeLine(theme, code) {
  const cell = changeOf(theme.code, code, choiceOf(code));
  if (cell.value === null) return '';
  const told = [fullText(theme, cell, 'change'), certaintyText(cell)];
  return make('small', {}, (cell.sure === false ? told.reverse() : told).join(', '));
}

function multiple(theme, code, all) {
  const name = makeButton({ class: 'link' }, () => chooseArea(code), areaTitle(code));
  return make(
    'li',
    {},
    name,
    trendChart(theme, code, all),
    changeLine(theme, code),
    trendTable(theme, code),
  );
}

export function multiples() {
  const theme = currentTheme();
  const all = areasOf().filter(
    (code) => trendCells(theme, code).filter(({ value }) => value !== null).length > 1,
  );
  if (all.length === 0) return [make('p', { class: 'meaning-of' }, say('time_nothing'))];
  return [
    make('p', { class: 'meaning-of' }, say('time_meaning')),
    make('ul', { class: 'multiples' }, ...all.map((code) => multiple(theme, code, all))),
  ];
}
