// @ts-check
// What the stages beside the index tell of an area: their figures with their names, as texts.

import { EVERYONE, data, mainLevel } from './data.js';
import { make, makeTitle } from './make.js';
import { state } from './state.js';

// A text of more signs than a number has stands below its name.
const LONG = 14;

function row(label, text) {
  const value = make('span', { class: text ? 'value' : 'value absent' }, text || '–');
  return make('li', text?.length > LONG ? { class: 'told' } : {}, make('span', { class: 'name' }, label), value);
}

export function chapters(area) {
  // Stages are told of the run's own areas, and of everyone.
  if (!mainLevel.placeOf.has(area) || state.sex !== EVERYONE) return [];
  return (data.chapters ?? []).flatMap(({ title, about, labels, texts }) => {
    const known = texts[state.period]?.[area];
    if (known === undefined) return [];
    const rows = labels.map((label, place) => row(label, known[place]));
    return [...makeTitle(title, about), make('ul', { class: 'rows' }, ...rows)];
  });
}
