// @ts-check
// What the reader can choose, and what the controls show.

import { backToCity } from './areas.js';
import { changeLevel, choose, land, page } from './choose.js';
import { CITY, data, figuresOf, hasFigures, isHidden, isShare, themeByCode } from './data.js';
import { byId } from './make.js';
import { say } from './say.js';
import { state } from './state.js';
import { showPeriods } from './years.js';

// What a theme without a single figure is called in the lists: missing, or hidden.
function emptyWord(theme) {
  if (hasFigures(theme.code, state)) return '';
  const figures = figuresOf(theme.code, state);
  return say(figures.some(isHidden) ? 'status_hidden' : 'status_missing');
}

/** @returns {NodeListOf<HTMLInputElement>} */
function radiosOf(name) {
  return document.querySelectorAll(`input[name="${name}"]`);
}

function showThemes() {
  const words = new Map(data.themes.map((theme) => [theme.code, emptyWord(theme)]));
  for (const radio of radiosOf('tema')) {
    const label = radio.closest('label');
    radio.checked = radio.value === state.theme;
    label.classList.toggle('empty', words.get(radio.value) !== '');
    label.querySelector('.none').textContent = words.get(radio.value);
  }
  for (const option of byId('tema').options) {
    const theme = themeByCode.get(option.value);
    const word = words.get(option.value);
    const text = word === '' ? theme.short : `${theme.short} (${word})`;
    option.textContent = (isShare(theme) ? '\u2003' : '') + text;
  }
}

export function showChoices() {
  showThemes();
  for (const radio of radiosOf('vy')) radio.checked = radio.value === state.view;
  const { theme, level, sex, period } = state;
  for (const [id, value] of Object.entries({ tema: theme, niva: level, kon: sex, period })) {
    const control = byId(id);
    if (control !== null) control.value = value;
  }
  byId('gratt').checked = state.withPatterns;
  showPeriods();
}

function landOn(change) {
  Object.assign(state, change);
  land();
}

/** @type {Record<string, (value: any) => unknown>} */
const CHANGES = {
  niva: changeLevel,
  kon: (sex) => landOn({ sex }),
  period: (period) => landOn({ period }),
  tema: (theme) => Object.assign(state, { theme, sort: { column: 0, descending: false } }),
  vy: (view) => Object.assign(state, { view }),
};

export function startChoices() {
  for (const id of ['val', 'teman', 'vyer']) {
    byId(id).addEventListener('change', ({ target }) => {
      const change = CHANGES[target.name];
      if (change !== undefined) choose(() => change(target.value));
    });
    // Nothing is ever sent anywhere.
    byId(id).addEventListener('submit', (event) => event.preventDefault());
  }
  byId('gratt').addEventListener('change', ({ target }) => {
    state.withPatterns = target.checked;
    page.update();
  });
  byId('panel').addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && state.area !== CITY) backToCity();
  });
}
