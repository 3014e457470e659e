// @ts-check
// The page follows the state: after a choice everything shows it, and the address says it.

import { markArea, showMap, startMap, thinLabels } from './areas.js';
import { showChoices, startChoices } from './choices.js';
import { announceChoice, land, page, stopPlaying } from './choose.js';
import { showCompare, startCompare } from './compare.js';
import { figuresOf } from './data.js';
import { startDownload } from './download.js';
import { startDrawing } from './draw.js';
import { showFindings } from './findings.js';
import { showHeading, showLegend } from './legend.js';
import { byId } from './make.js';
import { fitCity, moveTo } from './map.js';
import { showPanel } from './panel.js';
import { showSheet, startPhone } from './phone.js';
import { startSearch } from './search.js';
import { choiceFromHash, currentTheme, hashOf, rememberState, state } from './state.js';
import { startTaking } from './take.js';
import { markRow, showTable, showTableSoon } from './table.js';
import { startYears } from './years.js';

function update({ isStep = true } = {}) {
  const theme = currentTheme();
  const figures = figuresOf(theme.code, state);
  showChoices();
  showHeading(theme, figures);
  showMap(theme, figures);
  showLegend(theme, figures);
  showTableSoon();
  updateArea({ isStep });
  // Last, for it measures what has been written, and the browser then lays it all out once.
  thinLabels();
}

// A place on the map is of the view that it was copied with: another step leaves it.
function updateArea({ isStep = true } = {}) {
  if (isStep) state.place = undefined;
  markArea();
  markRow();
  showPanel(state.area);
  showCompare();
  showFindings();
  showSheet(state.area);
  rememberState({ isStep });
}

function open() {
  update({ isStep: false });
  if (state.place !== undefined) moveTo(state.place);
}

function followAddress() {
  if (window.location.hash === hashOf(state)) return;
  stopPlaying();
  const choice = choiceFromHash(window.location.hash);
  if (choice === undefined) return;
  Object.assign(state, choice, { missed: undefined });
  land();
  open();
  announceChoice();
}

// Paper is narrower than most screens: the map is fitted to the width it will have there, and what
// is folded is opened.
function startPrinting() {
  const box = byId('karta');
  /** @returns {NodeListOf<HTMLDetailsElement>} */
  const all = (selector) => document.querySelectorAll(selector);
  window.addEventListener('beforeprint', () => {
    box.classList.add('paper');
    if (byId('tabell').hasAttribute('aria-busy')) showTable();
    for (const folded of all('.opens-in-print:not([open])')) {
      folded.open = true;
      folded.dataset.folded = '';
    }
    fitCity();
  });
  window.addEventListener('afterprint', () => {
    box.classList.remove('paper');
    for (const opened of all('[data-folded]')) {
      opened.open = false;
      delete opened.dataset.folded;
    }
    fitCity();
  });
}

Object.assign(page, { update, updateArea });
startPhone();
startMap();
startChoices();
startSearch();
startYears();
startDownload();
startCompare();
startPrinting();
startTaking();
startDrawing();
window.addEventListener('resize', fitCity);
window.addEventListener('hashchange', followAddress);
Object.assign(state, choiceFromHash(window.location.hash));
land();
open();
