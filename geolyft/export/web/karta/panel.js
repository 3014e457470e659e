// @ts-check
// The panel: everything about one area, or about the city.

import { backToCity } from './areas.js';
import { chapters } from './chapters.js';
import { chooseArea } from './choose.js';
import { absenceText, changeText, chosen } from './chosen.js';
import { CATALOGUE_LANG, CITY, EVERYONE, INDEX, cellOf, data, factsOf, figureOf, rankedCount } from './data.js';
import { isShare, mainLevel, themeByCode } from './data.js';
import { fillOf, swatch } from './fills.js';
import { contributions, dimensionList, indicatorGroups } from './indicators.js';
import { inside } from './inside.js';
import { byId, make, makeButton, makeFolded, makeTitle, smallPrint } from './make.js';
import { pinButtons } from './pins.js';
import { placeFound, partsOf } from './places.js';
import { areaHeading, areaOf, areaTitle, certaintyText, columnName, countedText } from './say.js';
import { intervalText, meaningOf, number, parentOf, say, sexName, statusText } from './say.js';
import { valueText } from './say.js';
import { choiceOf, currentTheme, levelOf, state } from './state.js';
import { profileLink } from './take.js';
import { trend } from './trend.js';

// ---- the index, after what was chosen ----

function indexLine(area) {
  const index = themeByCode.get(INDEX);
  const cell = cellOf(INDEX, area, choiceOf(area));
  if (cell.value === null) return make('p', { class: 'fact' }, absenceText(index, area));
  const meaning = area === CITY ? '' : meaningOf(index, 'value', cell);
  const value = make('strong', { class: 'figure' }, valueText(index, cell));
  const details = [intervalText(cell), certaintyText(cell), countedText(index, cell)];
  const more = smallPrint(say('points_meaning'), ...details, statusText(cell));
  return make('p', { class: 'fact' }, value, meaning ? ` ${meaning}` : '', make('br'), more);
}

function indexToo(area) {
  if (state.theme === INDEX) return factParts(area);
  const title = make('h3', {}, themeByCode.get(INDEX).short);
  return [title, indexLine(area), ...factParts(area), changeText(themeByCode.get(INDEX), area)];
}

function factParts(area) {
  const facts = factsOf(area, choiceOf(area));
  const parts = [];
  if (facts.population !== undefined) {
    const text = say('population', { count: number(facts.population, 0) });
    parts.push(make('p', { class: 'fact' }, text));
  }
  if (facts.story && state.sex === EVERYONE) {
    const sentences = facts.story.map((text) => make('li', {}, text));
    parts.push(make('ul', { class: 'story' }, ...sentences));
  }
  if (facts.rank_low !== undefined && state.sex === EVERYONE) parts.push(rankText(facts, area));
  return parts;
}

function factText(title, ...lines) {
  const rest = lines.flatMap((line) => [make('br'), smallPrint(line)]);
  return make('p', { class: 'fact' }, make('strong', {}, title), ...rest);
}

/** @param {Facts} facts */
function rankText({ rank_low: low, rank_high: high, often, variants, lowest }, area) {
  const count = rankedCount(choiceOf(area));
  const rank = say(low === high ? 'rank_one' : 'rank', { low, high, count });
  if (often === undefined) return factText(rank, say('rank_meaning'));
  const inPercent = number(often) + data.words.number.percent;
  const key = often === 100 ? 'often_all' : 'often';
  const share = say(key, { share: inPercent, count: number(variants, 0), lowest });
  return factText(rank, say('rank_meaning'), share);
}

// ---- neighbours, and what a smaller area lies in ----

function neighbourButton({ code }) {
  const theme = currentTheme();
  const figure = figureOf(theme.code, code, choiceOf(code));
  const button = makeButton(
    { 'data-neighbour': code },
    () => chooseArea(code, { level: levelOf(code).code, follow: true }),
    swatch(fillOf(theme, state.view, figure)),
    make('span', { class: 'name' }, areaTitle(code)),
    make('span', { class: 'value' }, valueText(theme, figure, state.view)),
  );
  return make('li', {}, button);
}

function neighbours(area) {
  if (area === CITY || areaOf(area).near.length === 0) return [];
  const theme = columnName(currentTheme(), state.view);
  const near = areaOf(area).near.map((place) => levelOf(area).areas[place]);
  return [
    ...makeTitle(say('neighbours'), say('neighbours_meaning', { theme })),
    make('ul', { class: 'near' }, ...near.map(neighbourButton)),
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
  const level = levelOf(area);
  const kind = level === mainLevel ? say('area_kicker', { code: area }) : level.name;
  const sex = state.sex === EVERYONE ? '' : sexName(state.sex);
  const parts = [area === CITY ? say('city_kicker') : kind, state.period, sex];
  return parts.filter(Boolean).join(' · ');
}

export function showPanel(area) {
  byId('panel-rubrik').replaceChildren(make('small', {}, kickerOf(area)), areaHeading(area));
  const parts = [
    ...panelStart(area),
    placeFound(area),
    profileLink(area),
    ...chosen(area),
    parentLine(area),
    partsOf(area),
    ...inside(area),
    ...trend(area),
    ...indexToo(area),
    ...dimensionList(area),
    ...indicatorGroups(area),
    ...contributions(area),
    ...chapters(area),
    ...neighbours(area),
    footnotes(),
  ];
  byId('panel-innehall').replaceChildren(...parts.filter((part) => part !== ''));
}

function panelStart(area) {
  if (area === CITY) return [make('p', { class: 'hint' }, say('city_hint'))];
  return [makeButton({ class: 'back home' }, backToCity, say('back_to_city')), ' ', ...pinButtons(area)];
}
