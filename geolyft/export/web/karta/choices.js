// What the reader can choose, and what happens then.
'use strict';

function chooseArea(code, { level = state.level, follow = false } = {}) {
  const moved = level !== state.level;
  state.area = code;
  if (moved) {
    changeLevel(level);
    update();
  } else {
    updateArea();
  }
  announce(say('announce_area', { area: areaTitle(code) }));
  const stacked = window.matchMedia('(max-width: 60rem)').matches;
  if (follow || stacked) byId('panel-rubrik').focus();
}

function backToCity() {
  const left = state.area;
  state.area = CITY;
  updateArea();
  // The button that had the focus is gone; the area it was about is where the reader came from.
  if (left !== CITY) focusArea(left);
}

function changeLevel(code) {
  state.level = code;
  state.period = nearestPeriod(currentLevel(), state.period);
  if (!currentLevel().placeOf.has(state.area)) state.area = CITY;
}

function choose(change) {
  stopYears();
  change();
  update();
  announceChoice();
}

function announceChoice() {
  const theme = headingOf(themeByCode.get(state.theme));
  announce(say('announce', { theme, period: choiceText() || state.period }));
}

function chooseTheme(code) {
  choose(() => {
    state.theme = code;
    state.sort = { column: 0, descending: false };
  });
}

// ---- what the controls show ----

// What a theme without a single figure is called in the lists: missing, or hidden.
function emptyWord(theme) {
  if (hasFigures(theme.code)) return '';
  const figures = figuresOf(theme.code);
  return say(figures.some(isHidden) ? 'status_hidden' : 'status_missing');
}

function showThemes() {
  const words = new Map(data.themes.map((theme) => [theme.code, emptyWord(theme)]));
  for (const radio of document.querySelectorAll('input[name="tema"]')) {
    const label = radio.closest('label');
    radio.checked = radio.value === state.theme;
    label.classList.toggle('empty', words.get(radio.value) !== '');
    label.querySelector('.none').textContent = words.get(radio.value);
  }
  for (const option of byId('tema').options) {
    const { short, kind } = themeByCode.get(option.value);
    const word = words.get(option.value);
    const text = word === '' ? short : `${short} (${word})`;
    option.textContent = (kind === 'indicator' ? '\u2003' : '') + text;
  }
  byId('tema').value = state.theme;
}

function showChoices() {
  showThemes();
  for (const radio of document.querySelectorAll('input[name="vy"]')) {
    radio.checked = radio.value === state.view;
  }
  for (const [id, value] of [
    ['niva', state.level],
    ['kon', state.sex],
    ['period', state.period],
  ]) {
    const control = byId(id);
    if (control !== null) control.value = value;
  }
  showPeriods();
}

// ---- start ----

const CHANGES = {
  niva: (value) => choose(() => changeLevel(value)),
  kon: (value) => choose(() => Object.assign(state, { sex: value })),
  period: (value) => choose(() => Object.assign(state, { period: value })),
  tema: chooseTheme,
  vy: (value) => choose(() => Object.assign(state, { view: value })),
};

function startChoices() {
  for (const id of ['val', 'teman', 'vyer']) {
    byId(id).addEventListener('change', ({ target }) => {
      const change = CHANGES[target.name];
      if (change !== undefined) change(target.value);
    });
    // Nothing is ever sent anywhere.
    byId(id).addEventListener('submit', (event) => event.preventDefault());
  }
  byId('gratt').addEventListener('change', ({ target }) => {
    state.withPatterns = target.checked;
    update();
  });
  byId('panel').addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && state.area !== CITY) backToCity();
  });
}
