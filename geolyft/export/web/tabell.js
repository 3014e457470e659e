// The table beside the map: the same figures, one row per area, in the order the reader chooses.
'use strict';

// What every figure of a theme has in common is said once above the map, not in every row.
function themeStatuses() {
  const cells = data.areas.map(({ code }) => cellOf(state.theme, state.period, code));
  const said = cells.filter((cell) => cell.value !== null).map(statusWords);
  const different = [...new Set(said.flat())];
  const isEverywhere = (status) => said.every((words) => words.includes(status));
  return {
    theme_all: different.filter(isEverywhere),
    theme_some: different.filter((status) => !isEverywhere(status)),
  };
}

function tableThemes() {
  const scores = data.themes.filter((theme) => !isShare(theme));
  const chosen = themeByCode.get(state.theme);
  return isShare(chosen) ? [chosen, ...scores] : scores;
}

function sortKey(code, column, themes) {
  if (column === 0) return data.areas.findIndex((area) => area.code === code);
  return cellOf(themes[column - 1].code, state.period, code).value;
}

// What has no value stays last in both directions: it is neither low nor high.
function inOrder(themes) {
  const { column, descending } = state.sort;
  const keyed = data.areas.map(({ code }) => ({ code, key: sortKey(code, column, themes) }));
  keyed.sort((one, other) => {
    if (one.key === null || other.key === null) return (one.key === null) - (other.key === null);
    return descending ? other.key - one.key : one.key - other.key;
  });
  return keyed.map(({ code }) => code);
}

function headCell(text, column, chosen) {
  const cell = make('th', { scope: 'col' });
  const button = make('button', { type: 'button' }, text);
  const { sort } = state;
  if (chosen) cell.classList.add('chosen');
  if (sort.column === column) {
    cell.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
  }
  button.addEventListener('click', () => {
    state.sort = { column, descending: sort.column === column && !sort.descending };
    showTable();
    document.querySelectorAll('#tabell thead button')[column].focus();
  });
  cell.append(button);
  return cell;
}

function figureCell(theme, code) {
  const cell = cellOf(theme.code, state.period, code);
  const classes = [cell.value === null ? 'absent' : '', theme.code === state.theme ? 'chosen' : ''];
  const box = make('td', { class: classes.filter(Boolean).join(' ') }, valueText(theme, cell));
  if (theme.code !== state.theme) return box;
  const own = statusWords(cell).filter((status) => !themeStatuses().theme_all.includes(status));
  const more = [intervalText(cell), ...own].filter(Boolean);
  if (more.length > 0) box.append(make('small', {}, more.join(', ')));
  return box;
}

function tableRow(code, themes) {
  const name = code === CITY ? data.city : `${code} ${areaName(code)}`;
  const pressed = String(state.area === code);
  const button = make('button', { type: 'button', 'aria-pressed': pressed }, name);
  button.addEventListener('click', () => choose(code));
  const row = make('tr', { 'data-area': code }, make('th', { scope: 'row' }, button));
  row.append(...themes.map((theme) => figureCell(theme, code)));
  return row;
}

function showTable() {
  const themes = tableThemes();
  const table = document.getElementById('tabell');
  const focused = table.contains(document.activeElement) && document.activeElement.closest('tr');
  const parts = { theme: themes[0].name, period: state.period, city: data.city, base: data.base };
  document.getElementById('tabell-text').textContent = say(isShare(themes[0]) ? 'caption_share' : 'caption_scores', parts);
  const first = table.tHead.rows[0].cells[0].textContent;
  const heads = themes.map((theme, place) =>
    headCell(theme.short, place + 1, theme.code === state.theme),
  );
  table.tHead.rows[0].replaceChildren(headCell(first, 0, false), ...heads);
  const city = make('tbody', { class: 'city' }, tableRow(CITY, themes));
  const rows = inOrder(themes).map((code) => tableRow(code, themes));
  for (const body of [...table.tBodies]) body.remove();
  table.append(city, make('tbody', {}, ...rows));
  // The button that was pressed has been made anew.
  if (focused && focused.dataset.area) {
    const again = [...table.rows].find((row) => row.dataset.area === focused.dataset.area);
    again.querySelector('button').focus({ preventScroll: true });
  }
}
