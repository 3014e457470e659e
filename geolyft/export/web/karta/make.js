// @ts-check
// Elements. Everything from the data reaches the page through textContent or setAttribute, so that
// a name can never become markup.

// What is folded on the screen and open on paper.
const OPENS_IN_PRINT = { class: 'opens-in-print' };

function dressed(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== ''));
  return element;
}

/** @type {(tag: string, attributes?: object, ...children: (Node | string)[]) => HTMLElement} */
export function make(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

/** @type {(tag: string, attributes: object, ...children: (Node | string)[]) => SVGElement} */
export function makeSvg(tag, attributes, ...children) {
  return dressed(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

export function makeButton(attributes, press, ...children) {
  const button = make('button', { type: 'button', ...attributes }, ...children);
  button.addEventListener('click', () => press());
  return button;
}

export function makeFolded(summary, ...children) {
  return make('details', OPENS_IN_PRINT, make('summary', {}, summary), ...children);
}

export function makeTitle(title, meaning) {
  return [make('h3', {}, title), make('p', { class: 'meaning-of' }, meaning)];
}

export function smallPrint(...parts) {
  const text = parts.filter(Boolean).join(' · ');
  return text === '' ? '' : make('small', {}, text);
}

// An element of the template, of whatever kind it is there.
/** @type {(id: string) => any} */
export const byId = (id) => document.getElementById(id);

export function announce(text) {
  byId('meddelande').textContent = text;
}
