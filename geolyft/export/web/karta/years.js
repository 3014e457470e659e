// @ts-check
// The periods, one after the other. Nothing moves by itself: the years play when a reader asks,
// stop at the last, and for readers who want no motion they are only stepped by hand.

import { announceChoice, choose, isPlaying, page } from './choose.js';
import { startPlaying, stopPlaying } from './choose.js';
import { byId } from './make.js';
import { say } from './say.js';
import { currentLevel, state } from './state.js';

const stillWanted = window.matchMedia('(prefers-reduced-motion: reduce)');

// Goes to another period where there is one, and says whether there are more after it.
function stepPeriod(step) {
  const { periods } = currentLevel();
  const place = periods.indexOf(state.period) + step;
  if (place >= 0 && place < periods.length) state.period = periods[place];
  return place < periods.length - 1;
}

export function showPeriods() {
  const control = byId('period');
  if (control === null) return;
  const { periods } = currentLevel();
  for (const option of control.options) option.disabled = !periods.includes(option.value);
  const place = periods.indexOf(state.period);
  setDisabled('forra', place === 0);
  setDisabled('nasta', place === periods.length - 1);
  const play = byId('spela');
  play.hidden = stillWanted.matches || periods.length < 2;
  byId('spela-text').textContent = isPlaying() ? say('stop') : play.dataset.play;
  play.setAttribute('data-playing', String(isPlaying()));
}

// A button that ends keeps the focus: one that is disabled would drop it.
const setDisabled = (id, isDisabled) => byId(id).setAttribute('aria-disabled', String(isDisabled));

// The whole play is one step for the browser's back button.
function playYears() {
  const { periods } = currentLevel();
  // Played from the last period there would be nothing to see.
  const isLast = state.period === periods.at(-1);
  if (isLast) choose(() => Object.assign(state, { period: periods[0] }));
  let isStep = !isLast;
  startPlaying(() => {
    playStep(isStep);
    isStep = false;
  });
  showPeriods();
}

function playStep(isStep) {
  if (!stepPeriod(1)) stopPlaying();
  page.update({ isStep });
  announceChoice();
}

export function startYears() {
  if (byId('period') === null) return;
  byId('forra').addEventListener('click', () => choose(() => stepPeriod(-1)));
  byId('nasta').addEventListener('click', () => choose(() => stepPeriod(1)));
  byId('spela').addEventListener('click', () => {
    if (isPlaying()) choose(() => {});
    else playYears();
  });
  stillWanted.addEventListener('change', () => {
    stopPlaying();
    showPeriods();
  });
}
