// @ts-check
// What a reader takes along: a link to this view, code to embed it, a picture of the map, a page on paper.

import { CITY, data, mainLevel } from './data.js';
import { save } from './download.js';
import { announce, byId, make } from './make.js';
import { movedTo } from './map.js';
import { drawPicture } from './picture.js';
import { areaTitle, say } from './say.js';
import { levelOf, rememberState, state } from './state.js';

const SHARPNESS = 2;

// ---- the link ----

// An address that others reach, or the page's name: a folder of this computer says nothing to them.
function embedCode() {
  const { protocol, href, pathname, hash } = window.location;
  const src = protocol.startsWith('http') ? href : pathname.split('/').pop() + hash;
  const frame = make('iframe', { src, title: document.title, width: '100%', height: '900' });
  return new window.XMLSerializer().serializeToString(frame).replace(/ xmlns="[^"]*"/, '');
}

async function copy(what, textOf) {
  state.place = movedTo();
  rememberState({ isStep: false });
  const text = textOf();
  const field = byId('lank');
  field.value = text;
  let isCopied = true;
  try {
    await window.navigator.clipboard.writeText(text);
  } catch {
    // Not every browser lets a page of a folder copy: then the reader does.
    isCopied = false;
  }
  field.hidden = isCopied;
  if (!isCopied) field.select();
  tell(say(`${what}_${isCopied ? 'copied' : 'shown'}`));
}

export function tell(text) {
  byId('ta-med-svar').textContent = text;
  announce(text);
}

// ---- the picture ----

function pngOf(text, { width, height }) {
  const image = document.createElement('img');
  image.addEventListener('load', () => {
    const canvas = document.createElement('canvas');
    canvas.width = width * SHARPNESS;
    canvas.height = height * SHARPNESS;
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, 'png'), 'image/png');
  });
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(text);
}

function savePicture(kind) {
  const picture = drawPicture();
  const text = new window.XMLSerializer().serializeToString(picture.svg);
  if (kind === 'png') pngOf(text, picture);
  else save(new Blob([text], { type: 'image/svg+xml' }), 'svg');
  tell(say('picture_saved'));
}

// ---- the pages beside ----

// The page of the chosen area, where the delivery has one.
export function profileLink(area) {
  if (data.profiles === undefined || area === CITY || levelOf(area) !== mainLevel) return '';
  const stem = data.profiles[mainLevel.placeOf.get(area)];
  const text = say('to_profile', { area: areaTitle(area) });
  return make('p', { class: 'fact' }, make('a', { href: `omraden/${stem}.html` }, text));
}

export function startTaking() {
  byId('kopiera').addEventListener('click', () => copy('link', () => window.location.href));
  byId('badda-in').addEventListener('click', () => copy('embed', embedCode));
  for (const kind of ['png', 'svg']) {
    byId('bild-' + kind).addEventListener('click', () => savePicture(kind));
  }
  byId('skriv-ut').addEventListener('click', () => window.print());
}
