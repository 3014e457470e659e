// The panel: everything about one area, or about the city.
'use strict';

function smallPrint(...parts) {
  const text = parts.filter(Boolean).join(' · ');
  return text === '' ? '' : make('small', {}, text);
}

// ---- headline ----

// The index where there is one, else what the map shows.
function headlineTheme(area) {
  const index = themeByCode.get(INDEX);
  return cellOf(INDEX, area).value === null ? themeByCode.get(state.theme) : index;
}

function headline(area) {
  const theme = headlineTheme(area);
  const cell = cellOf(theme.code, area);
  const known = cell.value !== null;
  const meaning = make('p', {}, make('strong', {}, theme.short));
  if (known && area !== CITY) meaning.append(': ' + meaningOf(theme, 'value', cell));
  const scale = isShare(theme) ? '' : say('points_meaning', { city: data.city, base: data.base });
  return make(
    'div',
    { class: 'headline' },
    make('p', { class: known ? 'big' : 'big absent' }, valueText(theme, cell)),
    meaning,
    smallPrint(
      scale,
      countText(cell),
      intervalText(cell),
      certaintyText(cell),
      countedText(theme, cell),
      statusText(cell),
    ),
  );
}

function factParts(area) {
  const facts = factsOf(area);
  const parts = [];
  if (facts.population !== undefined) {
    const text = say('population', { count: number(facts.population, 0) });
    parts.push(make('p', { class: 'fact' }, text));
  }
  if (facts.story && state.sex === EVERYONE) {
    const sentences = facts.story.map((text) => make('li', {}, text));
    parts.push(make('ul', { class: 'story' }, ...sentences));
  }
  if (facts.rank_low !== undefined && state.sex === EVERYONE) parts.push(rankText(facts));
  return parts;
}

function rankText(facts) {
  const key = facts.rank_low === facts.rank_high ? 'rank_one' : 'rank';
  const count = currentLevel().areas.length;
  return make(
    'p',
    { class: 'fact' },
    make('strong', {}, say(key, { low: facts.rank_low, high: facts.rank_high, count })),
    make('br'),
    make('small', {}, say('rank_meaning')),
    ...oftenText(facts),
  );
}

function oftenText(facts) {
  if (facts.often === undefined) return [];
  const count = number(facts.variants, 0);
  const text = say('often', { share: facts.often, count, lowest: facts.lowest });
  return [make('br'), make('small', {}, text)];
}

// How far the index moved is told whichever period is shown.
function changeText(area) {
  const cell = changeOf(INDEX, area);
  if (data.between.length === 0 || (cell.value === null && !cell.reason)) return [];
  const [first, last] = data.between;
  const name = say('theme_change_name', { first, last });
  const value = valueText(themeByCode.get(INDEX), cell, 'change');
  const details = [intervalText(cell), certaintyText(cell), reasonText(cell)];
  return [
    make(
      'p',
      { class: 'fact' },
      make('strong', {}, `${name}: ${value}`),
      make('br'),
      smallPrint(...details),
    ),
  ];
}

// ---- neighbours, and what a smaller area lies in ----

function swatchOf(code) {
  const theme = themeByCode.get(state.theme);
  return swatch(fillOf(theme, state.view, figureOf(theme.code, code)));
}

function neighbourButton(place) {
  const { code } = currentLevel().areas[place];
  const theme = themeByCode.get(state.theme);
  const value = valueText(theme, figureOf(theme.code, code), state.view);
  const button = make(
    'button',
    { type: 'button', 'data-neighbour': code },
    swatchOf(code),
    make('span', { class: 'name' }, areaTitle(code)),
    make('span', { class: 'value' }, value),
  );
  button.addEventListener('click', () => chooseArea(code, { follow: true }));
  return make('li', {}, button);
}

function neighbours(area) {
  if (area === CITY || areaOf(area).near.length === 0) return [];
  const theme = columnName(themeByCode.get(state.theme), state.view);
  return [
    make('h3', {}, say('neighbours')),
    make('p', { class: 'meaning-of' }, say('neighbours_meaning', { theme })),
    make('ul', { class: 'near' }, ...areaOf(area).near.map(neighbourButton)),
  ];
}

function parentLine(area) {
  const code = area === CITY ? undefined : parentOf(areaOf(area));
  if (code === undefined) return '';
  const button = make('button', { type: 'button', class: 'link' }, areaTitle(code, mainLevel));
  button.addEventListener('click', () => chooseArea(code, { level: mainLevel.code, follow: true }));
  const [before, after] = say('lies_in', { area: '\u0000' }).split('\u0000');
  return make('p', { class: 'fact' }, before, button, after);
}

// ---- the whole ----

function footnotes() {
  const noted = data.themes.filter((theme) => isShare(theme) && theme.notes.length > 0);
  if (noted.length === 0) return [];
  const items = noted.map((theme) =>
    make(
      'li',
      {},
      make('strong', {}, theme.short + ': '),
      make('span', { lang: CATALOGUE_LANG }, theme.notes.join(' ')),
    ),
  );
  return [
    make(
      'details',
      OPENS_IN_PRINT,
      make('summary', {}, say('footnotes')),
      make('ul', {}, ...items),
    ),
  ];
}

function kickerOf(area) {
  const choice = [state.period, state.sex === EVERYONE ? '' : sexName(state.sex)].filter(Boolean);
  const level = currentLevel();
  let what = say('city_kicker');
  if (area !== CITY) {
    what = level === mainLevel ? say('area_kicker', { code: area }) : level.name;
  }
  return [what, ...choice].join(' · ');
}

function showPanel(area) {
  byId('panel-rubrik').replaceChildren(make('small', {}, kickerOf(area)), areaName(area));
  const parts = [
    headline(area),
    ...factParts(area),
    ...changeText(area),
    parentLine(area),
    ...dimensionList(area),
    ...trend(area),
    ...indicatorGroups(area),
    ...contributions(area),
    ...neighbours(area),
    ...footnotes(),
  ];
  byId('panel-innehall').replaceChildren(panelStart(area), ...parts.filter((part) => part !== ''));
}

function panelStart(area) {
  if (area === CITY) return make('p', { class: 'hint' }, say('city_hint'));
  const back = make('button', { type: 'button', class: 'back' }, say('back_to_city'));
  back.addEventListener('click', backToCity);
  return back;
}
