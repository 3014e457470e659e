// @ts-check
// The comparison below the map: one of five ways at a time.

import { beside } from './beside.js';
import { borders } from './borders.js';
import { page } from './choose.js';
import { showContrasts } from './edges.js';
import { announce, byId } from './make.js';
import { multiples } from './multiples.js';
import { showComparison, showPins, startPins } from './pins.js';
import { ranked } from './ranked.js';
import { say } from './say.js';
import { scatter } from './scatter.js';
import { currentLevel, isLarge, state } from './state.js';

const WAYS = { alla: ranked, sida: beside, samband: scatter, tid: multiples, granser: borders };
let waiting = 0;

function show() {
  cancelAnimationFrame(waiting);
  byId('jamforelse').removeAttribute('aria-busy');
  byId('jamforelse').replaceChildren(...WAYS[state.compare]().filter((part) => part !== ''));
  showContrasts(state.compare === 'granser');
}

// Hundreds of areas take longer than the map: they follow when it has been painted.
export function showCompare() {
  for (const radio of document.querySelectorAll('input[name="jamfor"]')) {
    const input = /** @type {HTMLInputElement} */ (radio);
    input.checked = input.value === state.compare;
  }
  showPins();
  if (!isLarge(currentLevel())) {
    show();
    return;
  }
  byId('jamforelse').setAttribute('aria-busy', 'true');
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => setTimeout(show));
}

export function startCompare() {
  startPins();
  byId('jamforelser').addEventListener('submit', (event) => event.preventDefault());
  byId('jamforelser').addEventListener('change', ({ target }) => {
    if (target.name !== 'jamfor') return;
    state.compare = target.value;
    page.update();
    announce(say('compare_' + state.compare));
  });
  byId('till-jamfor').addEventListener('click', showComparison);
}
