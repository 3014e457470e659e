// @ts-check
// The heading above the map, what is said of the theme, and the legend below it.

import { contrastItems } from './borders.js';
import { choose } from './choose.js';
import { CATALOGUE_LANG, classOf, coloursOf, columnOf, data } from './data.js';
import { isHidden, isIndicator, isShare, legendOf, sureSide } from './data.js';
import { fewText, isEmpty, waysOut, whyEmpty } from './empty.js';
import { classFill, isUnsure, patternOf, swatch } from './fills.js';
import { byId, make, makeButton, makeFolded } from './make.js';
import { choiceText, headingOf, say, statusWords } from './say.js';
import { shortCode } from './labels.js';
import { choiceNow, currentLevel, currentTheme, state } from './state.js';

const MOST_NAMED = 14;

function yearsText() {
  const { reference } = columnOf(state.theme, state) ?? {};
  const known = [reference].flat().filter((one) => one !== undefined && one !== null);
  const years = [...new Set(known)].map((one) => data.texts[one]).sort();
  return years.length > 0 ? say('theme_years', { years: years.join(', ') }) : '';
}

// What every figure of a theme has in common is said once above the map, not in every row.
export function themeStatuses(figures) {
  const known = figures.filter((figure) => figure.value !== null).map(statusWords);
  const different = [...new Set(known.flat())];
  const isEverywhere = (status) => known.every((words) => words.includes(status));
  return {
    theme_all: different.filter(isEverywhere),
    theme_some: different.filter((status) => !isEverywhere(status)),
  };
}

// What only some have is said with who they are, as far as that can be read.
function statusSentences(figures) {
  const { theme_all: everywhere, theme_some: somewhere } = themeStatuses(figures);
  const all = everywhere.length > 0 ? [say('theme_all', { status: everywhere.join(', ') })] : [];
  return [...all, ...somewhere.map((status) => say('theme_some', { status, areas: whoHas(status, figures) }))];
}

function whoHas(status, figures) {
  const { areas } = currentLevel();
  const theirs = areas.filter((_, n) => figures[n].value !== null && statusWords(figures[n]).includes(status));
  if (theirs.length > MOST_NAMED) return say('count_areas', { count: theirs.length });
  return theirs.map(({ code }) => shortCode(code, currentLevel())).join(', ');
}

// Where the run has not judged the difference itself, how it is judged is said.
function apartSentence(theme) {
  if (!isShare(theme) || state.view === 'change') return '';
  const column = columnOf(theme.code, state);
  if (column?.apart === undefined || column.gap_low !== undefined) return '';
  return say('about_apart_interval');
}

function aboutSentences(theme) {
  if (state.view === 'value') return theme.about;
  return [say(`about_${state.view}_${isShare(theme) ? 'share' : 'score'}`)];
}

// What was asked for and is not here is told for as long as something else is shown instead; each way
// out is a step.
function showEmptiness() {
  const { missed } = state;
  const asked = missed ?? choiceNow();
  const parts = isEmpty(asked) ? [whyEmpty(asked)] : [];
  if (missed !== undefined) parts.push(say('shown_instead', { theme: currentTheme().short }));
  if (parts.length === 0) parts.push(fewText(asked));
  const ways = isEmpty(asked) ? waysOut(asked) : [];
  const buttons = ways.map(({ text, change }) =>
    makeButton({ class: 'way' }, () => choose(() => Object.assign(state, asked, change)), text),
  );
  const text = parts.filter(Boolean).join(' ');
  byId('tema-tomt').replaceChildren(...(text === '' ? [] : [text, ...buttons]));
}

export function showHeading(theme, figures) {
  const heading = byId('tema-rubrik');
  heading.replaceChildren(headingOf(theme), ' ', make('span', { class: 'when' }, choiceText()));
  showEmptiness();
  showAbout(theme, figures);
}

/** @param {Theme} theme */
function showAbout(theme, figures) {
  const box = byId('tema-text');
  const [share, ...rest] = aboutSentences(theme);
  const isCatalogue = isIndicator(theme) && state.view === 'value';
  const about = make('p', {}, make('span', isCatalogue ? { lang: CATALOGUE_LANG } : {}, share));
  const more = [...rest, yearsText(), ...statusSentences(figures), apartSentence(theme)];
  about.append(' ' + more.filter(Boolean).join(' '));
  box.replaceChildren(about);
  if (theme.notes.length === 0) return;
  const notes = theme.notes.map((note) => make('li', { lang: CATALOGUE_LANG }, note));
  box.append(makeFolded(say('notes'), make('ul', {}, ...notes)));
}

function legendItem(sign, title, meaning, count) {
  const areas = make('small', {}, say(count === 1 ? 'count_area' : 'count_areas', { count }));
  const text = make('span', {}, make('strong', {}, title), ' ', areas);
  if (meaning !== '') text.append(' ', make('span', {}, meaning));
  return make('li', {}, sign, text);
}

function classItems(theme, figures) {
  const places = figures.map((figure) => classOf(theme, state.view, figure));
  const classes = legendOf(theme, state.view)?.classes ?? [];
  return classes.map(({ range, meaning }, place) => {
    const count = places.filter((each) => each === place).length;
    return legendItem(swatch(classFill(theme, state.view, place)), range, meaning, count);
  });
}

// Items of what is told without a colour of its own: a sign, its title, and how many areas have it.
// Of what no area has nothing is said.
function itemsOf(figures, kinds) {
  const count = (test) => figures.filter(test).length;
  return kinds
    .filter(([, , test]) => figures.some(test))
    .map(([sign, key, test]) => legendItem(sign, say(key), '', count(test)));
}

function certaintyItems(theme, figures) {
  const { view } = state;
  const isJudged = (figure) => figure.apart !== undefined || figure.sure !== undefined;
  if (!figures.some(isJudged)) return [];
  const [better, worse] =
    view === 'change' ? ['legend_up', 'legend_down'] : ['legend_better', 'legend_worse'];
  const mark = (sign) => make('span', { class: 'mark', 'aria-hidden': 'true' }, sign);
  const side = (wanted) => (figure) => sureSide(theme, view, figure) === wanted;
  const sides = [
    [mark('▲'), better, side(1)],
    [mark('▼'), worse, side(-1)],
  ];
  if (view === 'change') return itemsOf(figures, sides);
  const colours = coloursOf(theme, view);
  const unsure = swatch(patternOf(colours[Math.floor(colours.length / 2)], { unsure: true }));
  return itemsOf(figures, [...sides, [unsure, 'not_apart', (one) => isUnsure(view, one)]]);
}

// How wide the borders are drawn, while they are compared.
function borderItems(theme) {
  if (state.compare !== 'granser') return [];
  return contrastItems(theme).map(([sign, title]) => make('li', {}, sign, title));
}

function absenceItems(figures) {
  const missing = state.view === 'change' ? 'not_comparable' : 'legend_missing';
  const partial = swatch(patternOf(data.colours.score[2], { partial: true }), true);
  return itemsOf(figures, [
    [swatch('url(#monster-saknas)'), missing, (one) => one.value === null && !isHidden(one)],
    [swatch('url(#monster-dold)'), 'legend_hidden', isHidden],
    [partial, 'legend_partial', (one) => one.value !== null && one.dotted],
  ]);
}

export function showLegend(theme, figures) {
  const classes = classItems(theme, figures);
  const others = [
    ...certaintyItems(theme, figures),
    ...borderItems(theme),
    ...absenceItems(figures),
  ];
  byId('forklaring').replaceChildren(
    classes.length > 0 ? make('ol', { class: 'classes' }, ...classes) : '',
    make('ul', { class: 'others' }, ...others),
  );
}
