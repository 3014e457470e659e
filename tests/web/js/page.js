// The page without a browser: the data that tests/web/test_scripts.py made, and as much of a
// document as the scripts take to make elements. Imported before any module of the page.

import { readFileSync } from 'node:fs';

if (!process.env.GEOLYFT_PAGE) throw new Error('run pytest tests/web/test_scripts.py');

/** What Python made: the page's content, and its own word for what the scripts should read of it. */
export const python = JSON.parse(readFileSync(process.env.GEOLYFT_PAGE, 'utf8'));

const byId = new Map();

class FakeElement {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, children: [], textContent: '' });
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  append(...children) {
    this.children.push(...children);
    for (const one of children) if (one.attributes?.id) byId.set(one.attributes.id, one);
  }
}

for (const id of ['monster', 'data', 'meddelande']) byId.set(id, new FakeElement(id));
byId.get('data').textContent = JSON.stringify(python.content);

Object.assign(globalThis, {
  document: {
    getElementById: (id) => byId.get(id) ?? null,
    createElement: (tag) => new FakeElement(tag),
    createElementNS: (_, tag) => new FakeElement(tag),
  },
  window: { matchMedia: () => ({ matches: false }) },
  L: {},
  karta: {},
});

/** A module of the page. */
export const load = (name) => import(`../../../geolyft/export/web/karta/${name}.js`);

/** Every way to choose all but the area. */
export function* choices() {
  const { levels, themes, views, sexes } = python.content;
  for (const { code: level, periods } of levels)
    for (const { code: theme } of themes)
      for (const view of views)
        for (const period of periods)
          for (const sex of sexes) yield { level, theme, view, period, sex };
}
