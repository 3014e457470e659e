// The table beside the map: the same figures, one row per area, in the order the reader chooses.
'use strict';

// What the map shows first, then the index and its dimensions.
function tableColumns() {
  const scores = data.themes.filter((theme) => !isShare(theme));
  const columns = scores.map((theme) => ({ theme, view: 'value' }));
  const chosen = themeByCode.get(state.theme);
  if (!isShare(chosen) && state.view === 'value') return columns;
  return [{ theme: chosen, view: state.view }, ...columns];
}

function isChosen({ theme, view }) {
  return theme.code === state.theme && view === state.view;
}

function columnFigure({ theme, view }, code) {
  return figureOf(theme.code, code, { ...state, view });
}

function sortKey(code, columns) {
  const { column } = state.sort;
  if (column === 0 || column > columns.length) return currentLevel().placeOf.get(code);
  return columnFigure(columns[column - 1], code).value;
}

// What has no value stays last in both directions: it is neither low nor high.
function codesInOrder(columns) {
  const { descending } = state.sort;
  const keyed = currentLevel().areas.map(({ code }) => ({ code, key: sortKey(code, columns) }));
  keyed.sort((one, other) => {
    if (one.key === null || other.key === null) return (one.key === null) - (other.key === null);
    return descending ? other.key - one.key : one.key - other.key;
  });
  return keyed.map(({ code }) => code);
}

function headCell(text, place, chosen) {
  const cell = make('th', { scope: 'col' });
  const button = make('button', { type: 'button' }, text);
  const { sort } = state;
  if (chosen) cell.classList.add('chosen');
  if (sort.column === place) {
    cell.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
  }
  button.addEventListener('click', () => {
    state.sort = { column: place, descending: sort.column === place && !sort.descending };
    showTable();
    document.querySelectorAll('#tabell thead button')[place].focus();
  });
  cell.append(button);
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
  const own = statusWords(figure).filter((status) => !shared.includes(status));
  const more = [intervalText(figure), certaintyText(figure), ...own].filter(Boolean);
  if (more.length > 0) box.append(make('small', {}, more.join(', ')));
  return box;
}

function tableRow(code, columns, shared) {
  const pressed = String(state.area === code);
  const button = make('button', { type: 'button', 'aria-pressed': pressed }, areaTitle(code));
  button.addEventListener('click', () => chooseArea(code));
  const row = make('tr', { 'data-area': code }, make('th', { scope: 'row' }, button));
  row.append(...columns.map((column) => figureCell(column, code, shared)));
  return row;
}

function captionText() {
  const theme = headingOf(themeByCode.get(state.theme));
  const choice = choiceText() || state.period;
  return say('caption', { theme, choice, city: data.city, base: data.base });
}

// A table of hundreds of rows takes longer than the map: it follows when the map has been painted.
let waiting = 0;

function showTableSoon() {
  if (currentLevel().areas.length <= MOST_TAB_STOPS) {
    showTable();
    return;
  }
  byId('tabell').setAttribute('aria-busy', 'true');
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => setTimeout(showTable));
}

function showTable() {
  cancelAnimationFrame(waiting);
  byId('tabell').removeAttribute('aria-busy');
  const columns = tableColumns();
  if (state.sort.column > columns.length) state.sort = { column: 0, descending: false };
  const table = byId('tabell');
  const focused = table.contains(document.activeElement) && document.activeElement.closest('tr');
  byId('tabell-text').textContent = captionText();
  const first = table.tHead.rows[0].cells[0].textContent;
  const heads = columns.map((column, place) =>
    headCell(columnName(column.theme, column.view), place + 1, isChosen(column)),
  );
  table.tHead.rows[0].replaceChildren(headCell(first, 0, false), ...heads);
  const shared = themeStatuses(figuresOf(state.theme)).theme_all;
  const city = make('tbody', { class: 'city' }, tableRow(CITY, columns, shared));
  const rows = codesInOrder(columns).map((code) => tableRow(code, columns, shared));
  for (const body of [...table.tBodies]) body.remove();
  table.append(city, make('tbody', {}, ...rows));
  if (focused && focused.dataset.area) focusRow(focused.dataset.area);
}

// The button that was pressed has been made anew.
function focusRow(code) {
  const again = [...byId('tabell').rows].find((row) => row.dataset.area === code);
  if (again) again.querySelector('button').focus({ preventScroll: true });
}

// Another choice of area changes no figure: only which row is marked.
function markRow() {
  for (const row of byId('tabell').rows) {
    if (row.dataset.area === undefined) continue;
    row
      .querySelector('button')
      .setAttribute('aria-pressed', String(row.dataset.area === state.area));
  }
}
