// The periods, one after the other. Nothing moves by itself: the years play when a reader asks,
// stop at the last, and for readers who want no motion they are only stepped by hand.
'use strict';

const YEAR_MILLISECONDS = 1500;
const stillWanted = window.matchMedia('(prefers-reduced-motion: reduce)');
let playing = null;

function stepPeriod(step) {
  const { periods } = currentLevel();
  const place = periods.indexOf(state.period) + step;
  if (place >= 0 && place < periods.length) state.period = periods[place];
  return place < periods.length - 1;
}

function showPeriods() {
  const control = byId('period');
  if (control === null) return;
  const { periods } = currentLevel();
  for (const option of control.options) option.disabled = !periods.includes(option.value);
  const place = periods.indexOf(state.period);
  setDisabled('forra', place === 0);
  setDisabled('nasta', place === periods.length - 1);
  byId('spela').hidden = stillWanted.matches || periods.length < 2;
  byId('spela-text').textContent = playing === null ? byId('spela').dataset.play : say('stop');
  byId('spela').setAttribute('data-playing', String(playing !== null));
}

// A button that ends keeps the focus: one that is disabled would drop it.
function setDisabled(id, isDisabled) {
  byId(id).setAttribute('aria-disabled', String(isDisabled));
}

function pressStep(step) {
  choose(() => stepPeriod(step));
}

function stopYears() {
  clearInterval(playing);
  playing = null;
}

// The whole play is one step for the browser's back button.
function playYears() {
  const { periods } = currentLevel();
  // Played from the last period there would be nothing to see.
  const isLast = state.period === periods[periods.length - 1];
  if (isLast) choose(() => Object.assign(state, { period: periods[0] }));
  let isStep = !isLast;
  playing = setInterval(() => {
    playStep(isStep);
    isStep = false;
  }, YEAR_MILLISECONDS);
  showPeriods();
}

function playStep(isStep) {
  if (!stepPeriod(1)) stopYears();
  update({ isStep });
  announceChoice();
}

function startYears() {
  if (byId('period') === null) return;
  byId('forra').addEventListener('click', () => pressStep(-1));
  byId('nasta').addEventListener('click', () => pressStep(1));
  byId('spela').addEventListener('click', () => {
    if (playing === null) playYears();
    else choose(() => {});
  });
  stillWanted.addEventListener('change', () => {
    stopYears();
    showPeriods();
  });
}
