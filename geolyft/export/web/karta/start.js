// The page follows the state: after a choice everything shows it, and the address says it.
'use strict';

function update({ isStep = true } = {}) {
  const theme = themeByCode.get(state.theme);
  const figures = figuresOf(theme.code);
  showChoices();
  showHeading(theme, figures);
  showMap(theme, figures);
  showLegend(theme, figures);
  showTableSoon();
  updateArea({ isStep });
  // Last, for it measures what has been written, and the browser then lays it all out once.
  thinLabels();
}

function updateArea({ isStep = true } = {}) {
  markArea();
  markRow();
  showPanel(state.area);
  rememberState({ isStep });
}

function followAddress() {
  if (window.location.hash === hashOfState()) return;
  stopYears();
  if (stateFromHash(window.location.hash)) update({ isStep: false });
}

// Paper is narrower than most screens: the map is fitted to the width it will have there, and what
// is folded is opened.
function startPrinting() {
  const box = byId('karta');
  window.addEventListener('beforeprint', () => {
    box.classList.add('paper');
    if (byId('tabell').hasAttribute('aria-busy')) showTable();
    for (const folded of document.querySelectorAll('.opens-in-print:not([open])')) {
      folded.open = true;
      folded.dataset.folded = '';
    }
    fitCity();
  });
  window.addEventListener('afterprint', () => {
    box.classList.remove('paper');
    for (const opened of document.querySelectorAll('[data-folded]')) {
      opened.open = false;
      delete opened.dataset.folded;
    }
    fitCity();
  });
}

startMap();
startChoices();
startSearch();
startYears();
startDownload();
startPrinting();
window.addEventListener('resize', fitCity);
window.addEventListener('hashchange', followAddress);
stateFromHash(window.location.hash);
update({ isStep: false });
