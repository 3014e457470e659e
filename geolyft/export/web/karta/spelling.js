// @ts-check
// What two spellings have in common: accents, case and small slips tell no names apart. The library
// and the command line have the same rules, in geolyft/divisions/gazetteer/spelling.py.

// From how many letters on one slip is forgiven, and two.
const SHORTEST = [4, 8];

// Möllevången is found as mollevangen, and S:t Knuts väg as sankt knuts vag.
/** @param {string} text */
export function plain(text) {
  const letters = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const said = letters.replace(/[:.'’]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ');
  const short = said.trim().replace(/(^| )sankt(?= |$)/g, '$1st');
  return short.replace(/(^| )med flera(?= |$)/g, '$1m fl');
}

// How many letters are too many, too few, wrong or in each other's place; undefined for more than
// are forgiven.
/** @type {(wanted: string, name: string) => number | undefined} */
export function slips(wanted, name) {
  const most = SHORTEST.filter((length) => wanted.length >= length).length;
  if (Math.abs(wanted.length - name.length) > most) return undefined;
  let before = [];
  let row = Array.from({ length: name.length + 1 }, (_, m) => m);
  for (let n = 1; n <= wanted.length; n += 1) {
    const last = before;
    [before, row] = [row, [n]];
    for (let m = 1; m <= name.length; m += 1) {
      const differs = Number(wanted[n - 1] !== name[m - 1]);
      row[m] = Math.min(before[m] + 1, row[m - 1] + 1, before[m - 1] + differs);
      const changed = wanted[n - 1] === name[m - 2] && wanted[n - 2] === name[m - 1];
      if (n > 1 && m > 1 && changed) row[m] = Math.min(row[m], last[m - 2] + 1);
    }
  }
  return row[name.length] <= most ? row[name.length] : undefined;
}
