// @ts-check
// Where the map has nothing to colour: why, what to choose instead, and where a page opens then.

import { EVERYONE, INDEX, data, figuresOf, hasFigures, isHidden } from './data.js';
import { isIndicator, isOfChildren, isShare, levelByCode, mainLevel, themeByCode } from './data.js';
import { choiceText, say, sexName } from './say.js';

/** @type {(choice: Choice) => boolean} */
export const isEmpty = (choice) => !hasFigures(choice.theme, choice);

// How many areas show a figure.
const countOf = (theme, choice) =>
  figuresOf(theme, choice).filter(({ value }) => value !== null).length;

// ---- why ----

// Of a mean: which of its parts are known nowhere.
function partsText(theme, choice) {
  const parts = data.themes.filter(
    (part) => isIndicator(part) && (theme.code === INDEX || part.dimension === theme.code),
  );
  const value = { ...choice, view: 'value' };
  const gone = parts.filter(({ code, empty }) => !empty && !hasFigures(code, value));
  if (isShare(theme) || parts.length === 0) return '';
  if (gone.length === 0) return say('parts_each');
  return say('parts_gone', { list: gone.map(({ short }) => short).join(', ') });
}

/** @type {(choice: Choice) => string} */
export function whyEmpty(choice) {
  const theme = themeByCode.get(choice.theme);
  if (theme.empty) return say('theme_empty');
  const what = { choice: [theme.short, choiceText(choice)].filter(Boolean).join(', ') };
  if (figuresOf(theme.code, choice).some(isHidden)) return say('hidden_empty', what);
  const has = (change) => hasFigures(theme.code, { ...choice, ...change });
  if (choice.view !== 'value' && has({ view: 'value' })) {
    const isComputed = choice.view === 'change' || choice.view === 'quality';
    return say(isComputed ? choice.view + '_empty' : 'choice_empty', what);
  }
  const parts = partsText(theme, choice);
  if (choice.sex !== EVERYONE && has({ sex: EVERYONE, view: 'value' }))
    return [say('sex_empty', what), parts].filter(Boolean).join(' ');
  return [say('choice_empty', what), parts].filter(Boolean).join(' ');
}

// ---- what instead ----

/** @type {(choice: Choice) => { text: string, change: Partial<Choice> }[]} */
export function waysOut(choice) {
  const theme = themeByCode.get(choice.theme);
  /** @type {Partial<Choice>[]} */
  const changes = [
    { sex: EVERYONE },
    { view: 'value' },
    { level: mainLevel.code },
    ...[...levelByCode.get(choice.level).periods].reverse().map((period) => ({ period })),
  ];
  const ways = changes.filter((change) => {
    const [[name, value]] = Object.entries(change);
    return choice[name] !== value && hasFigures(choice.theme, { ...choice, ...change });
  });
  // One of each kind, and both at once where neither alone is enough.
  const both = { sex: EVERYONE, view: /** @type {View} */ ('value'), level: mainLevel.code };
  const isOut = ways.length > 0 || !hasFigures(choice.theme, { ...choice, ...both });
  return (isOut ? ways : [both]).slice(0, 2).map((change) => ({
    text: say('choose_instead', { what: wayText(theme, change) }),
    change,
  }));
}

function wayText(theme, { sex, view, level, period }) {
  const parts = [
    sex === undefined ? '' : sexName(sex, theme),
    view === undefined ? '' : say('view_' + view),
    level === undefined ? '' : levelByCode.get(level).name,
    period ?? '',
  ];
  return parts.filter(Boolean).join(', ');
}

// The theme a page opens on where the one that was asked for has nothing: the dimension that it is
// part of, else the score or the indicator that most areas have.
/** @type {(choice: Choice) => Partial<Choice>} */
export function nearestFilled(choice) {
  if (!isEmpty(choice)) return {};
  const { dimension } = themeByCode.get(choice.theme);
  /** @type {View[]} */
  const views = choice.view === 'value' ? ['value'] : [choice.view, 'value'];
  for (const view of views) {
    const found = fullest({ ...choice, view }, dimension);
    if (found !== undefined) return { theme: found, view };
  }
  const other = { ...choice, view: views.at(-1), sex: EVERYONE };
  return choice.sex === EVERYONE ? {} : { sex: EVERYONE, ...nearestFilled(other) };
}

function fullest(choice, dimension) {
  const counted = data.themes
    .filter((theme) => theme.kind !== 'chapter' && !isOfChildren(theme))
    .map(({ code, kind }) => ({ code, kind, count: countOf(code, choice) }))
    .filter(({ count }) => count > 0);
  if (counted.some(({ code }) => code === dimension)) return dimension;
  const half = levelByCode.get(choice.level).areas.length / 2;
  const score = counted.find(({ kind, count }) => kind !== 'indicator' && count >= half);
  return (score ?? counted.sort((one, other) => other.count - one.count)[0])?.code;
}

// ---- few ----

// A map of a few areas is no map of the city.
/** @type {(choice: Choice) => string} */
export function fewText(choice) {
  const count = levelByCode.get(choice.level).areas.length;
  const known = countOf(choice.theme, choice);
  return known > 0 && known < count / 2 ? say('few', { known, count }) : '';
}
