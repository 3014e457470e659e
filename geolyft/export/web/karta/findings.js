// @ts-check
// What is sure of the chosen theme, above the map: sentences that each lead to a view.

import { CITY, EVERYONE, data, mainLevel } from './data.js';
import { byId, make } from './make.js';
import { say } from './say.js';
import { currentTheme, hashOf, state } from './state.js';

/** @type {(finding: Finding) => string} */
function addressOf({ theme = state.theme, view = 'value', area = CITY, level, compare }) {
  const place = { level: level ?? mainLevel.code, place: undefined };
  const way = { compare: compare ?? state.compare };
  return hashOf({ ...state, theme, sex: EVERYONE, view, area, ...place, ...way });
}

function item(finding) {
  return make('li', {}, make('a', { href: addressOf(finding) }, finding.text));
}

// The sentences are the same for all that is chosen beside theme and period: then they stay, and
// with them the focus.
let shown = '';

export function showFindings() {
  const { theme, period, sex } = state;
  const wanted = [theme, period, sex].join();
  const found = data.findings[period]?.[theme];
  if (wanted === shown) {
    // What else is kept may have changed.
    byId('fynd')
      .querySelectorAll('a')
      .forEach((link, n) => link.setAttribute('href', addressOf(found[n])));
    return;
  }
  shown = wanted;
  const parts = { theme: currentTheme().short };
  const title = [say('findings_title', parts), sex === EVERYONE ? '' : say('findings_everyone')];
  byId('fynd-rubrik').textContent = title.filter(Boolean).join(', ');
  const items = (found ?? []).map(item);
  const none = found === undefined ? 'findings_unjudged' : 'findings_nothing';
  byId('fynd').replaceChildren(...items);
  byId('fynd').hidden = items.length === 0;
  byId('fynd-text').textContent = items.length > 0 ? say('findings_care') : say(none, parts);
}
