// Elements. Everything from the data reaches the page through textContent or setAttribute, so that
// a name can never become markup.
'use strict';

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== ''));
  return element;
}

function makeSvg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== ''));
  return element;
}

// What is folded on the screen and open on paper.
const OPENS_IN_PRINT = { class: 'opens-in-print' };

function byId(id) {
  return document.getElementById(id);
}

function announce(text) {
  byId('meddelande').textContent = text;
}
