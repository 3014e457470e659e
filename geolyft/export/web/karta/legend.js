// The heading above the map, what is said of the theme, and the legend below it.
'use strict';

function yearsText() {
  const { reference } = columnOf(state.theme, state) || {};
  const known = [reference].flat().filter((one) => one !== undefined && one !== null);
  const years = [...new Set(known)].map((one) => data.texts[one]).sort();
  return years.length > 0 ? say('theme_years', { years: years.join(', ') }) : '';
}

// What every figure of a theme has in common is said once above the map, not in every row.
function themeStatuses(figures) {
  const said = figures.filter((figure) => figure.value !== null).map(statusWords);
  const different = [...new Set(said.flat())];
  const isEverywhere = (status) => said.every((words) => words.includes(status));
  return {
    theme_all: different.filter(isEverywhere),
    theme_some: different.filter((status) => !isEverywhere(status)),
  };
}

function statusSentences(figures) {
  return Object.entries(themeStatuses(figures))
    .filter(([, statuses]) => statuses.length > 0)
    .map(([key, statuses]) => say(key, { status: statuses.join(', ') }));
}

// Where the run has not judged the difference itself, how it is judged is said.
function apartSentence(theme) {
  if (!isShare(theme) || state.view === 'change') return '';
  const column = columnOf(theme.code, state);
  if (column === undefined || column.apart === undefined || column.gap_low !== undefined) return '';
  return say('about_apart_interval', { city: data.city });
}

function aboutSentences(theme) {
  const [first, last] = data.between;
  if (state.view === 'value') return theme.about;
  const key = `about_${state.view}_${isShare(theme) ? 'share' : 'score'}`;
  return [say(key, { city: data.city, first, last })];
}

// Why nothing is coloured: no data at all, none for what is chosen, all of them hidden, or a view
// that was not computed.
function emptyText(theme, figures) {
  if (hasFigures(theme.code)) return '';
  if (theme.empty) return say('theme_empty');
  const choice = [theme.short, choiceText()].filter(Boolean).join(', ');
  if (figures.some(isHidden)) return say('hidden_empty', { choice });
  const hasValues = currentLevel().areas.some(
    ({ code }) => cellOf(theme.code, code).value !== null,
  );
  const isComputed = state.view === 'change' || state.view === 'quality';
  return say(hasValues && isComputed ? state.view + '_empty' : 'choice_empty', { choice });
}

function showHeading(theme, figures) {
  const heading = byId('tema-rubrik');
  heading.replaceChildren(headingOf(theme), ' ', make('span', { class: 'when' }, choiceText()));
  byId('tema-tomt').textContent = emptyText(theme, figures);
  showAbout(theme, figures);
}

function showAbout(theme, figures) {
  const box = byId('tema-text');
  const [share, ...rest] = aboutSentences(theme);
  const isCatalogue = isShare(theme) && state.view === 'value';
  const about = make('p', {}, make('span', isCatalogue ? { lang: CATALOGUE_LANG } : {}, share));
  const more = [...rest, yearsText(), ...statusSentences(figures), apartSentence(theme)];
  about.append(' ' + more.filter(Boolean).join(' '));
  box.replaceChildren(about);
  if (theme.notes.length === 0) return;
  const notes = theme.notes.map((note) => make('li', { lang: CATALOGUE_LANG }, note));
  box.append(
    make('details', OPENS_IN_PRINT, make('summary', {}, say('notes')), make('ul', {}, ...notes)),
  );
}

function legendItem(sign, title, meaning, count) {
  const key = count === 1 ? 'count_area' : 'count_areas';
  return make(
    'li',
    { class: count === 0 ? 'unused' : '' },
    sign,
    make(
      'span',
      {},
      make('strong', {}, title),
      ' ',
      meaning === '' ? '' : make('span', {}, meaning),
      ' ',
      make('small', {}, say(key, { count })),
    ),
  );
}

function classItems(theme, figures) {
  const legend = legendOf(theme, state.view);
  if (legend === undefined) return [];
  const colours = data.colours[state.view === 'quality' ? 'quality' : 'score'];
  const places = figures.map((figure) => classOf(theme, state.view, figure));
  return legend.classes.map((one, place) =>
    legendItem(
      swatch(classFill(colours[place], place)),
      one.range,
      one.meaning,
      places.filter((each) => each === place).length,
    ),
  );
}

function classFill(colour, place) {
  const low = lowSide(state.view, place);
  return low > 0 ? patternOf(colour, { low }) : colour;
}

function markSign(mark) {
  return make('span', { class: 'mark', 'aria-hidden': 'true' }, mark);
}

function certaintyItems(theme, figures) {
  const { view } = state;
  const count = (test) => figures.filter(test).length;
  const isJudged = (figure) => figure.apart !== undefined || figure.sure !== undefined;
  if (!figures.some(isJudged)) return [];
  const [better, worse] =
    view === 'change' ? ['legend_up', 'legend_down'] : ['legend_better', 'legend_worse'];
  const city = { city: data.city };
  const side = (wanted) => count((figure) => sureSide(theme, view, figure) === wanted);
  const items = [
    legendItem(markSign('▲'), say(better, city), '', side(1)),
    legendItem(markSign('▼'), say(worse, city), '', side(-1)),
  ];
  if (view === 'change') return items;
  const colours = data.colours[view === 'quality' ? 'quality' : 'score'];
  const unsure = patternOf(colours[Math.floor(colours.length / 2)], { unsure: true });
  const number = count((figure) => isUnsure(view, figure));
  return [...items, legendItem(swatch(unsure), say('legend_unsure', city), '', number)];
}

function absenceItems(figures) {
  const count = (test) => figures.filter(test).length;
  const absent = (figure) => figure.value === null;
  const partial = patternOf(data.colours.score[2], { partial: true });
  const missing = count((figure) => absent(figure) && !isHidden(figure));
  const whole = count((figure) => !absent(figure) && isPartial(figure));
  return [
    legendItem(
      swatch('url(#monster-saknas)'),
      say(state.view === 'change' ? 'not_comparable' : 'legend_missing'),
      '',
      missing,
    ),
    legendItem(swatch('url(#monster-dold)'), say('legend_hidden'), '', count(isHidden)),
    legendItem(swatch(partial, true), say('legend_partial'), '', whole),
  ];
}

function showLegend(theme, figures) {
  const classes = classItems(theme, figures);
  const kind = `classes of-${classes.length}`;
  byId('forklaring').replaceChildren(
    classes.length > 0 ? make('ol', { class: kind }, ...classes) : '',
    make('ul', { class: 'others' }, ...certaintyItems(theme, figures), ...absenceItems(figures)),
  );
}
