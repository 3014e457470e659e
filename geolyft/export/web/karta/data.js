// The published figures. They lie as columns, one array per figure in the order of the areas with
// the city last and whole tenths for numbers; here they are read back as cells.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const CITY = 'city';
const EVERYONE = 'alla';
const INDEX = 'index';
// The catalogue's own notes are written in Swedish whatever the language of the page.
const CATALOGUE_LANG = 'sv';
const themeByCode = new Map(data.themes.map((theme) => [theme.code, theme]));
const levelByCode = new Map(data.levels.map((level) => [level.code, level]));
const mainLevel = data.levels[0];
for (const level of data.levels) {
  level.placeOf = new Map(level.areas.map((area, place) => [area.code, place]));
  level.placeOf.set(CITY, level.areas.length);
}

function isShare(theme) {
  return theme.kind === 'indicator';
}

// What all areas have in common stands once.
function partAt(part, place) {
  const found = Array.isArray(part) ? part[place] : part;
  return found === null ? undefined : found;
}

function numberAt(part, place) {
  const found = partAt(part, place);
  return found === undefined ? undefined : found / 10;
}

function truthAt(part, place) {
  const sign = part === undefined ? '-' : part[place];
  return sign === '-' ? undefined : sign === '1';
}

function textAt(part, place) {
  const found = partAt(part, place);
  return found === undefined ? undefined : data.texts[found];
}

// Bounds are said as how far from the figure they lie.
function boundAt(part, place, value, side) {
  const away = partAt(part, place);
  return away === undefined || value === undefined ? undefined : (value * 10 + side * away) / 10;
}

function columnOf(theme, choice) {
  const bySex = levelByCode.get(choice.level).figures[choice.sex] || {};
  return (bySex[choice.period] || {})[theme];
}

function cellAt(column, place) {
  if (column === undefined) return { value: null, status: 'missing' };
  const value = numberAt(column.value, place);
  return {
    value: value === undefined ? null : value,
    low: boundAt(column.low, place, value, -1),
    high: boundAt(column.high, place, value, 1),
    half: numberAt(column.half, place),
    part: numberAt(column.part, place),
    apart: truthAt(column.apart, place),
    sure: truthAt(column.sure, place),
    status: textAt(column.status, place) || 'missing',
    reference: textAt(column.reference, place),
    reason: textAt(column.reason, place),
    numerator: partAt(column.numerator, place),
    denominator: partAt(column.denominator, place),
    counted: partAt(column.counted, place),
    gap: gapAt(column, place),
    gapLow: numberAt(column.gap_low, place),
    gapHigh: numberAt(column.gap_high, place),
  };
}

// The difference of the two figures as they are shown, so that a reader can check it.
function gapAt(column, place) {
  const own = partAt(column.value, place);
  const city =
    column.value === undefined ? undefined : partAt(column.value, column.value.length - 1);
  return own === undefined || city === undefined ? undefined : (own - city) / 10;
}

// A figure itself, whatever view is chosen.
function cellOf(theme, code, choice = state) {
  return cellAt(columnOf(theme, choice), levelByCode.get(choice.level).placeOf.get(code));
}

// Changes are of everyone, and between the same two editions whatever period is chosen.
function changeOf(theme, code, choice = state) {
  return cellAt(changeColumnOf(theme, choice), levelByCode.get(choice.level).placeOf.get(code));
}

function changeColumnOf(theme, choice) {
  return choice.sex === EVERYONE ? levelByCode.get(choice.level).change[theme] : undefined;
}

// What the chosen view shows of a theme: a value with what belongs to that value, and no more.
function figureOf(theme, code, choice = state) {
  if (choice.view === 'change') return changeOf(theme, code, choice);
  const cell = cellOf(theme, code, choice);
  if (choice.view === 'value') return cell;
  const { status, apart, reference, counted } = cell;
  const own = choice.view === 'gap' ? cell.gap : cell.half;
  const value = cell.value === null || own === undefined ? null : own;
  const figure = { value, status, apart, reference, counted, gap: cell.gap };
  if (choice.view === 'gap') return { ...figure, low: cell.gapLow, high: cell.gapHigh };
  return figure;
}

// What all areas of the chosen level show of the chosen theme, read once for all that show it.
function figuresOf(theme) {
  return currentLevel().areas.map(({ code }) => figureOf(theme, code));
}

// Whether any area has a figure in the chosen view. It is asked of all themes at once, and makes no
// cells.
function hasFigures(theme) {
  const isChange = state.view === 'change';
  const column = isChange ? changeColumnOf(theme, state) : columnOf(theme, state);
  const numbers = (column || {})[state.view === 'quality' ? 'half' : 'value'] || [];
  const city = state.view === 'gap' ? numbers[numbers.length - 1] : 0;
  return city !== null && numbers.some((one, place) => one !== null && place < numbers.length - 1);
}

function legendOf(theme, view) {
  const name = view === 'quality' ? 'quality' : theme.legend + (view === 'value' ? '' : '-' + view);
  return Object.hasOwn(data.legends, name) ? data.legends[name] : undefined;
}

// Which class a figure is in; what may be chance is no change, however large it looks.
function classOf(theme, view, figure) {
  const legend = legendOf(theme, view);
  if (figure.value === null || legend === undefined) return undefined;
  if (figure.sure === false) return Math.floor(legend.breaks.length / 2);
  const tenths = Math.round(figure.value * 10);
  const above = legend.breaks.filter((limit) => limit <= tenths).length;
  return legend.mirrored ? legend.breaks.length - above : above;
}

function statusParts(cell) {
  return cell.status.split('+');
}

function isHidden(cell) {
  return statusParts(cell).includes('hidden');
}

function isPartial(cell) {
  return statusParts(cell).includes('partial');
}

// On which side of the city a figure is, or to which side it moved, where that is sure: 1 for the
// better, -1 for the worse, 0 where it is not sure or not known.
function sureSide(theme, view, figure) {
  if (figure.value === null) return 0;
  const isSure = view === 'change' ? figure.sure : figure.apart;
  const away = view === 'change' ? figure.value : figure.gap;
  if (!isSure || !away) return 0;
  return Math.sign(away) * (theme.good === 'low' ? -1 : 1);
}

function factsOf(code, choice = state) {
  const level = levelByCode.get(choice.level);
  const counts = level.population[choice.period];
  const own = (level.facts[choice.period] || {})[code] || {};
  const isLatest = choice.period === level.periods[level.periods.length - 1];
  return {
    ...own,
    population: counts === undefined ? undefined : partAt(counts, level.placeOf.get(code)),
    story: isLatest && Object.hasOwn(level.stories, code) ? level.stories[code] : undefined,
  };
}
