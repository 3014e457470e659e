// @ts-check
// On a phone the map stands first, choices are folded, and the panel of an area is a sheet over the
// lower part of the page. The styles know when a window is a phone's; here is what they cannot do.

import { backToCity } from './areas.js';
import { CITY } from './data.js';
import { byId } from './make.js';

const PHONE = '(max-width: 40rem), (max-width: 60rem) and (max-height: 30rem)';
// Read before the map elsewhere, and after it here: by eyes, by keys and by screen readers.
const READ_FIRST = ['.meaning', '.care', '.findings'];
let shown = CITY;

function placeReading() {
  const isPhone = window.matchMedia(PHONE).matches;
  const parts = READ_FIRST.map((each) => document.querySelector(each));
  const [meaning, care, findings] = parts;
  if (isPhone) {
    document.querySelector('.map').after(...parts);
    return;
  }
  document.querySelector('.top').append(meaning, care);
  byId('val').after(findings);
}

/** @type {(button: HTMLElement, name: string, is?: boolean) => void} */
function press(button, name, is = button.getAttribute(name) !== 'true') {
  button.setAttribute(name, String(is));
}

// What else is shown would lie behind a tall sheet.
export const lowerSheet = () => press(byId('storre'), 'aria-pressed', false);

// A sheet begins at its top, with the map above it, whenever it is of another area.
export function showSheet(area) {
  const panel = byId('panel');
  panel.classList.toggle('sheet', area !== CITY);
  if (area === shown) return;
  shown = area;
  if (area === CITY) lowerSheet();
  if (window.getComputedStyle(panel).position !== 'fixed') return;
  panel.scrollTop = 0;
  byId('karta').scrollIntoView();
}

export function startPhone() {
  const [more, tall] = [byId('fler-val'), byId('storre')];
  more.addEventListener('click', () => press(more, 'aria-expanded'));
  tall.addEventListener('click', () => press(tall, 'aria-pressed'));
  byId('till-kartan').addEventListener('click', backToCity);
  window.matchMedia(PHONE).addEventListener('change', placeReading);
  placeReading();
}
