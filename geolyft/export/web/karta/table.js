// @ts-check
// The table beside the map: the same figures, one row per area, in the order the reader chooses.

import { chooseArea } from './choose.js';
import { CITY, data, figureOf, figuresOf, isShare } from './data.js';
import { themeStatuses } from './legend.js';
import { byId, make, makeButton } from './make.js';
import { areaTitle, certaintyText, choiceText, columnName, headingOf } from './say.js';
import { intervalText, say, statusWords, valueText } from './say.js';
import { currentLevel, currentTheme, isLarge, rememberState, state } from './state.js';

// What the map shows first, then the index and its dimensions.
export function tableColumns() {
  const scores = data.themes.filter((theme) => !isShare(theme));
  /** @type {Shown[]} */
  const columns = scores.map((theme) => ({ theme, view: 'value' }));
  const chosen = { theme: currentTheme(), view: state.view };
  return columns.some(isChosen) ? columns : [chosen, ...columns];
}

/** @type {(column: Shown) => boolean} */
export const isChosen = ({ theme, view }) => theme.code === state.theme && view === state.view;
/** @type {(column: Shown, code: string) => Figure} */
export const columnFigure = ({ theme, view }, code) =>
  figureOf(theme.code, code, { ...state, view });

// What has no value stays last in both directions: it is neither low nor high.
export function codesInOrder(columns) {
  const { column, descending } = state.sort;
  const keyed = currentLevel().areas.map(({ code }, place) => {
    const isByCode = column === 0 || column > columns.length;
    return { code, key: isByCode ? place : columnFigure(columns[column - 1], code).value };
  });
  keyed.sort((one, other) => {
    if (one.key === null || other.key === null) return +(one.key === null) - +(other.key === null);
    return descending ? other.key - one.key : one.key - other.key;
  });
  return keyed.map(({ code }) => code);
}

function headCell(text, place, chosen) {
  const cell = make('th', { scope: 'col' });
  const { sort } = state;
  if (chosen) cell.classList.add('chosen');
  if (sort.column === place) {
    cell.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
  }
  const press = () => {
    state.sort = { column: place, descending: sort.column === place && !sort.descending };
    showTable();
    rememberState({ isStep: false });
    byId('tabell').tHead.querySelectorAll('button')[place].focus();
  };
  cell.append(makeButton({}, press, text));
  return cell;
}

// A status that all areas share is said above the map.
function figureCell(column, code, shared) {
  const figure = columnFigure(column, code);
  const chosen = isChosen(column);
  const classes = [figure.value === null ? 'absent' : '', chosen ? 'chosen' : ''].filter(Boolean);
  const text = valueText(column.theme, figure, column.view);
  const box = make('td', classes.length > 0 ? { class: classes.join(' ') } : {}, text);
  if (!chosen) return box;
  const statuses = statusWords(figure).filter((status) => !shared.includes(status));
  const more = [intervalText(figure), certaintyText(figure), ...statuses].filter(Boolean);
  if (more.length > 0) box.append(make('small', {}, more.join(', ')));
  return box;
}

function tableRow(code, columns, shared) {
  const pressed = { 'aria-pressed': String(state.area === code) };
  const button = makeButton(pressed, () => chooseArea(code), areaTitle(code));
  const cells = columns.map((column) => figureCell(column, code, shared));
  return make('tr', { 'data-area': code }, make('th', { scope: 'row' }, button), ...cells);
}

function captionText() {
  return say('caption', { theme: headingOf(currentTheme()), choice: choiceText() || state.period });
}

// A table of hundreds of rows takes longer than the map: it follows when the map has been painted.
let waiting = 0;

export function showTableSoon() {
  if (!isLarge(currentLevel())) {
    showTable();
    return;
  }
  byId('tabell').setAttribute('aria-busy', 'true');
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => setTimeout(showTable));
}

export function showTable() {
  cancelAnimationFrame(waiting);
  const table = byId('tabell');
  table.removeAttribute('aria-busy');
  const columns = tableColumns();
  if (state.sort.column > columns.length) state.sort = { column: 0, descending: false };
  const focused = table.contains(document.activeElement) && document.activeElement.closest('tr');
  byId('tabell-text').textContent = captionText();
  const first = table.tHead.rows[0].cells[0].textContent;
  const heads = columns.map((column, place) =>
    headCell(columnName(column.theme, column.view), place + 1, isChosen(column)),
  );
  table.tHead.rows[0].replaceChildren(headCell(first, 0, false), ...heads);
  const shared = themeStatuses(figuresOf(state.theme, state)).theme_all;
  const city = make('tbody', { class: 'city' }, tableRow(CITY, columns, shared));
  const rows = codesInOrder(columns).map((code) => tableRow(code, columns, shared));
  for (const body of [...table.tBodies]) body.remove();
  table.append(city, make('tbody', {}, ...rows));
  if (focused && focused.dataset.area) focusRow(focused.dataset.area);
}

function areaRows() {
  return [...byId('tabell').rows].filter((row) => row.dataset.area !== undefined);
}

// The button that was pressed has been made anew.
function focusRow(code) {
  const again = areaRows().find((row) => row.dataset.area === code);
  if (again) again.querySelector('button').focus({ preventScroll: true });
}

// Another choice of area changes no figure: only which row is marked.
export function markRow() {
  for (const row of areaRows()) {
    const pressed = String(row.dataset.area === state.area);
    row.querySelector('button').setAttribute('aria-pressed', pressed);
  }
}
