// @ts-check
// The published figures. They lie as columns, one array per figure in the order of the areas with
// the city last and whole tenths for numbers; here they are read back as cells.

/** @type {PageData} */
export const data = JSON.parse(document.getElementById('data').textContent);
export const CITY = 'city';
export const EVERYONE = 'alla';
export const INDEX = 'index';
// The catalogue's own notes are written in Swedish whatever the language of the page.
export const CATALOGUE_LANG = 'sv';
export const themeByCode = new Map(data.themes.map((theme) => [theme.code, theme]));
export const levelByCode = new Map(data.levels.map((level) => [level.code, level]));
export const mainLevel = data.levels[0];
for (const level of data.levels) {
  level.placeOf = new Map(level.areas.map((area, place) => [area.code, place]));
  level.placeOf.set(CITY, level.areas.length);
}

// What all areas have in common stands once.
const partAt = (part, place) => (Array.isArray(part) ? part[place] : part) ?? undefined;

// A share that follows from its counts is said by the digit that they do not tell.
/** @param {Column} column */
function spellShares(column) {
  if (typeof column.value !== 'string') return;
  column.value = [...column.value].map((sign, place) => {
    if (sign === '-') return null;
    const share = (1000 * partAt(column.numerator, place)) / partAt(column.denominator, place);
    return Math.floor(share + 0.5) + Number(sign) - 4;
  });
}

for (const { figures } of data.levels)
  for (const periods of Object.values(figures))
    for (const themes of Object.values(periods)) Object.values(themes).forEach(spellShares);

export const isIndicator = (theme) => theme.kind === 'indicator';
export const isOfChildren = (theme) => theme.kind === 'children';
// What is in per cent.
export const isShare = (theme) => isIndicator(theme) || isOfChildren(theme);
/** @type {(figure: Figure) => string[]} */
export const statusParts = (figure) => figure.status.split('+');
export const isHidden = (figure) => statusParts(figure).includes('hidden');
export const isPartial = (figure) => statusParts(figure).includes('partial');

const textAt = (part, place) => data.texts[partAt(part, place)];

function numberAt(part, place) {
  const tenths = partAt(part, place);
  return tenths === undefined ? undefined : tenths / 10;
}

function truthAt(part, place) {
  const sign = part === undefined ? '-' : part[place];
  return sign === '-' ? undefined : sign === '1';
}

// Bounds are said as how far from the figure they lie.
function boundAt(part, place, value, side) {
  const away = partAt(part, place);
  return away === undefined || value === undefined ? undefined : (value * 10 + side * away) / 10;
}

// What is a number, or a digit that says how far it is from what it follows from (4: not at all).
export function nearAt(part, place, guess) {
  if (typeof part !== 'string') return numberAt(part, place);
  return part[place] === '-' ? undefined : (guess + Number(part[place]) - 4) / 10;
}

/** @type {(column: Column, place: number) => number | undefined} */
const halfAt = ({ half, low, high }, place) =>
  nearAt(half, place, Math.floor((partAt(low, place) + partAt(high, place)) / 2));
/** @type {(column: Column, place: number) => number | undefined} */
const gapAt = ({ gap, value }, place) =>
  nearAt(gap, place, partAt(value, place) - partAt(value, value?.length - 1));

/** @type {(theme: string, choice: Choice) => Column | undefined} */
export function columnOf(theme, choice) {
  return levelByCode.get(choice.level).figures[choice.sex]?.[choice.period]?.[theme];
}

// Changes are of everyone, and between the same two editions whatever period is chosen.
function changeColumnOf(theme, choice) {
  return choice.sex === EVERYONE ? levelByCode.get(choice.level).change[theme] : undefined;
}

/** @type {(column: Column | undefined, place: number) => Figure} */
function cellAt(column, place) {
  if (column === undefined) return { value: null, status: 'missing' };
  const value = numberAt(column.value, place);
  return {
    value: value ?? null,
    low: boundAt(column.low, place, value, -1),
    high: boundAt(column.high, place, value, 1),
    half: halfAt(column, place),
    part: numberAt(column.part, place),
    apart: truthAt(column.apart, place),
    better: truthAt(column.better, place),
    sure: truthAt(column.sure, place),
    pocket: truthAt(column.pocket, place),
    status: textAt(column.status, place) || 'missing',
    dotted: truthAt(column.dotted, place),
    reference: textAt(column.reference, place),
    reason: textAt(column.reason, place),
    numerator: partAt(column.numerator, place),
    denominator: partAt(column.denominator, place),
    counted: partAt(column.counted, place),
    gap: gapAt(column, place),
    persons: partAt(column.persons, place),
    gapLow: numberAt(column.gap_low, place),
    gapHigh: numberAt(column.gap_high, place),
  };
}

// A figure itself, whatever view is chosen.
export const cellOf = (theme, code, choice) =>
  cellAt(columnOf(theme, choice), levelByCode.get(choice.level).placeOf.get(code));
export const changeOf = (theme, code, choice) =>
  cellAt(changeColumnOf(theme, choice), levelByCode.get(choice.level).placeOf.get(code));

// How far women's share is from men's, with how sure that is.
export const sexesOf = (theme, code, choice) => {
  const level = levelByCode.get(choice.level);
  return cellAt(level.sexes[choice.period]?.[theme], level.placeOf.get(code));
};

// What the chosen view shows of a theme: a value with what belongs to that value, and no more.
/** @type {(theme: string, code: string, choice: Choice) => Figure} */
export function figureOf(theme, code, choice) {
  if (choice.view === 'change') return changeOf(theme, code, choice);
  const cell = cellOf(theme, code, choice);
  if (choice.view === 'value') return cell;
  const { status, dotted, apart, better, reference, counted, gap, half, gapLow, gapHigh } = cell;
  const isGap = choice.view === 'gap';
  const value = cell.value === null ? null : ((isGap ? gap : half) ?? null);
  const figure = { value, status, dotted, apart, better, reference, counted, gap };
  return isGap ? { ...figure, low: gapLow, high: gapHigh } : figure;
}

// What all areas of the chosen level show of the chosen theme, read once for all that show it.
export function figuresOf(theme, choice) {
  return levelByCode.get(choice.level).areas.map(({ code }) => figureOf(theme, code, choice));
}

// Whether any area has a figure in the chosen view. It is asked of all themes at once, and makes no
// cells.
/** @type {(theme: string, choice: Choice) => boolean} */
export function hasFigures(theme, choice) {
  const isChange = choice.view === 'change';
  const column = isChange ? changeColumnOf(theme, choice) : columnOf(theme, choice);
  const part = { quality: 'half', gap: 'gap' }[choice.view] ?? 'value';
  return [...(column?.[part] ?? [])].slice(0, -1).some((one) => one !== null && one !== '-');
}

/** @type {(theme: Theme, view: View) => Legend | undefined} */
export function legendOf(theme, view) {
  const name = view === 'quality' ? 'quality' : theme.legend + (view === 'value' ? '' : '-' + view);
  return Object.hasOwn(data.legends, name) ? data.legends[name] : undefined;
}

export function coloursOf(theme, view) {
  if (isOfChildren(theme)) return data.colours.barn;
  if (theme.colours) return data.colours[theme.colours];
  return data.colours[view === 'quality' ? 'quality' : 'score'];
}

// Which class a figure is in; what may be chance is no change, however large it looks.
/** @type {(theme: Theme, view: View, figure: Figure) => number | undefined} */
export function classOf(theme, view, figure) {
  const legend = legendOf(theme, view);
  if (figure.value === null || legend === undefined) return undefined;
  if (figure.sure === false) return Math.floor(legend.breaks.length / 2);
  const tenths = Math.round(figure.value * 10);
  const above = legend.breaks.filter((limit) => limit <= tenths).length;
  return legend.mirrored ? legend.breaks.length - above : above;
}

// On which side of the city of the same period a figure is, or to which side it moved, where that
// is sure: 1 for the better, -1 for the worse, 0 where it is not sure or not known.
/** @type {(theme: Theme, view: View, figure: Figure) => number} */
export function sureSide(theme, view, figure) {
  if (figure.value === null) return 0;
  if (view !== 'change') return figure.apart ? (figure.better ? 1 : -1) : 0;
  if (!figure.sure) return 0;
  return Math.sign(figure.value) * (theme.good === 'low' ? -1 : 1);
}

// Those without an index have no place, and are none of those that a place is among.
/** @type {(choice: Choice) => number} */
export function rankedCount(choice) {
  const facts = Object.values(levelByCode.get(choice.level).facts[choice.period] ?? {});
  return facts.filter((each) => each.rank_low !== undefined).length;
}

/** @type {(code: string, choice: Choice) => Facts} */
export function factsOf(code, choice) {
  const level = levelByCode.get(choice.level);
  const isLatest = choice.period === level.periods.at(-1);
  return {
    ...level.facts[choice.period]?.[code],
    population: partAt(level.population[choice.period], level.placeOf.get(code)),
    story: isLatest && Object.hasOwn(level.stories, code) ? level.stories[code] : undefined,
  };
}
