// @ts-check
// What an area says of itself, to who points at it and to who listens.

import { figureOf, isPartial, mainLevel } from './data.js';
import { make } from './make.js';
import { areaOf, areaTitle, certaintyText, columnName, countedText, fullText } from './say.js';
import { intervalText, meaningOf, parentOf, reasonText, statusText } from './say.js';
import { currentTheme, state } from './state.js';

/** @param {Figure} figure */
function describe(figure) {
  const theme = currentTheme();
  const meaning = meaningOf(theme, state.view, figure);
  const counted = isPartial(figure) ? countedText(theme, figure) : '';
  const parts = [intervalText(figure), meaning, certaintyText(figure), counted];
  const more = [...parts, reasonText(figure), statusText(figure)].filter(Boolean).join(', ');
  return { text: `${columnName(theme, state.view)} ${fullText(theme, figure, state.view)}`, more };
}

export function hoverBox(code) {
  const { text, more } = describe(figureOf(state.theme, code, state));
  const parent = parentOf(areaOf(code));
  return make(
    'div',
    {},
    make('strong', {}, areaTitle(code)),
    parent === undefined ? '' : make('span', { class: 'where' }, areaTitle(parent, mainLevel)),
    make('span', { class: 'figure' }, text),
    make('span', {}, more),
  );
}

export function spokenName(code, figure) {
  const { text, more } = describe(figure);
  return `${areaTitle(code)}: ${text}${more ? ', ' + more : ''}`;
}
