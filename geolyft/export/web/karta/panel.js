// @ts-check
// The panel: everything about one area, or about the city.

import { backToCity } from './areas.js';
import { chapters } from './chapters.js';
import { chooseArea } from './choose.js';
import { CATALOGUE_LANG, CITY, EVERYONE, INDEX, cellOf, changeOf, data } from './data.js';
import { factsOf, figureOf, isShare, mainLevel, themeByCode } from './data.js';
import { fillOf, swatch } from './fills.js';
import { contributions, dimensionList, indicatorGroups } from './indicators.js';
import { byId, make, makeButton, makeFolded, makeTitle, smallPrint } from './make.js';
import { areaName, areaOf, areaTitle, certaintyText, columnName, countText } from './say.js';
import { countedText, intervalText, meaningOf, number, parentOf, reasonText, say } from './say.js';
import { sexName, statusText, valueText } from './say.js';
import { currentLevel, currentTheme, state } from './state.js';
import { trend } from './trend.js';

// ---- headline ----

// The index where there is one, else what the map shows.
function headlineTheme(area) {
  return cellOf(INDEX, area, state).value === null ? currentTheme() : themeByCode.get(INDEX);
}

function headline(area) {
  const theme = headlineTheme(area);
  const cell = cellOf(theme.code, area, state);
  const known = cell.value !== null;
  const meaning = make('p', {}, make('strong', {}, theme.short));
  if (known && area !== CITY) meaning.append(': ' + meaningOf(theme, 'value', cell));
  const value = make('p', { class: known ? 'big' : 'big absent' }, valueText(theme, cell));
  const scale = isShare(theme) ? '' : say('points_meaning');
  const details = [scale, countText(cell), intervalText(cell), certaintyText(cell)];
  const more = smallPrint(...details, countedText(theme, cell), statusText(cell));
  return make('div', { class: 'headline' }, value, meaning, more);
}

function factParts(area) {
  const facts = factsOf(area, state);
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

function factText(title, ...lines) {
  const rest = lines.flatMap((line) => [make('br'), smallPrint(line)]);
  return make('p', { class: 'fact' }, make('strong', {}, title), ...rest);
}

/** @param {Facts} facts */
function rankText({ rank_low: low, rank_high: high, often, variants, lowest }) {
  const count = currentLevel().areas.length;
  const rank = say(low === high ? 'rank_one' : 'rank', { low, high, count });
  if (often === undefined) return factText(rank, say('rank_meaning'));
  const share = say('often', { share: often, count: number(variants, 0), lowest });
  return factText(rank, say('rank_meaning'), share);
}

// How far the index moved is told whichever period is shown.
function changeText(area) {
  const cell = changeOf(INDEX, area, state);
  if (data.between.length === 0 || (cell.value === null && !cell.reason)) return '';
  const value = valueText(themeByCode.get(INDEX), cell, 'change');
  const details = [intervalText(cell), certaintyText(cell), reasonText(cell)].filter(Boolean);
  return factText(`${say('theme_change_name')}: ${value}`, details.join(' · '));
}

// ---- neighbours, and what a smaller area lies in ----

function neighbourButton(place) {
  const { code } = currentLevel().areas[place];
  const theme = currentTheme();
  const figure = figureOf(theme.code, code, state);
  const button = makeButton(
    { 'data-neighbour': code },
    () => chooseArea(code, { follow: true }),
    swatch(fillOf(theme, state.view, figure)),
    make('span', { class: 'name' }, areaTitle(code)),
    make('span', { class: 'value' }, valueText(theme, figure, state.view)),
  );
  return make('li', {}, button);
}

function neighbours(area) {
  if (area === CITY || areaOf(area).near.length === 0) return [];
  const theme = columnName(currentTheme(), state.view);
  return [
    ...makeTitle(say('neighbours'), say('neighbours_meaning', { theme })),
    make('ul', { class: 'near' }, ...areaOf(area).near.map(neighbourButton)),
  ];
}

function parentLine(area) {
  const code = area === CITY ? undefined : parentOf(areaOf(area));
  if (code === undefined) return '';
  const press = () => chooseArea(code, { level: mainLevel.code, follow: true });
  const [before, after] = say('lies_in', { area: '\u0000' }).split('\u0000');
  const button = makeButton({ class: 'link' }, press, areaTitle(code, mainLevel));
  return make('p', { class: 'fact' }, before, button, after);
}

// ---- the whole ----

function footnotes() {
  const noted = data.themes.filter((theme) => isShare(theme) && theme.notes.length > 0);
  if (noted.length === 0) return '';
  const items = noted.map((theme) => {
    const notes = make('span', { lang: CATALOGUE_LANG }, theme.notes.join(' '));
    return make('li', {}, make('strong', {}, theme.short + ': '), notes);
  });
  return makeFolded(say('footnotes'), make('ul', {}, ...items));
}

function kickerOf(area) {
  const level = currentLevel();
  const kind = level === mainLevel ? say('area_kicker', { code: area }) : level.name;
  const sex = state.sex === EVERYONE ? '' : sexName(state.sex);
  const parts = [area === CITY ? say('city_kicker') : kind, state.period, sex];
  return parts.filter(Boolean).join(' · ');
}

export function showPanel(area) {
  byId('panel-rubrik').replaceChildren(make('small', {}, kickerOf(area)), areaName(area));
  const parts = [
    panelStart(area),
    headline(area),
    ...factParts(area),
    changeText(area),
    parentLine(area),
    ...dimensionList(area),
    ...trend(area),
    ...indicatorGroups(area),
    ...contributions(area),
    ...chapters(area),
    ...neighbours(area),
    footnotes(),
  ];
  byId('panel-innehall').replaceChildren(...parts.filter((part) => part !== ''));
}

function panelStart(area) {
  if (area === CITY) return make('p', { class: 'hint' }, say('city_hint'));
  return makeButton({ class: 'back' }, backToCity, say('back_to_city'));
}
