// The rules of src/layers.txt, applied to one include at a time. See that file for what the lines mean.
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {riskyAwaits} from './coroutines.mjs';

const systemHeader = /^([a-z_0-9]+|c[a-z]+|(sys|net|netinet|linux|arpa|bits)\/[a-z_0-9]+\.h|[a-z_0-9]+\.h)$/;
const notSystem = new Set(['zlib.h', 'sqlite3.h']);

const words = (text) => (text ?? '').split(/\s+/).filter((word) => word !== '');

export function parseTable(text) {
  const table = {words: new Set(), sockets: {rooms: [], headers: []}, places: new Map()};
  for (const line of text.split('\n')) {
    const rule = /^([^#:]+):([^|]*)(?:\|(.*))?$/.exec(line);
    if (!rule) {
      if (line.trim() !== '' && !line.startsWith('#')) throw new Error('src/layers.txt: not a rule: ' + line);
      continue;
    }
    const [, name, left, right] = rule;
    if (name === 'words') table.words = new Set(words(left));
    else if (name === 'sockets') table.sockets = {rooms: words(left), headers: words(right)};
    else table.places.set(name.trim(), {may: words(left), headers: words(right)});
  }
  return table;
}

// A room that includes a room that includes it again is no layer.
export function cycles(table) {
  const found = [];
  const visit = (name, path) => {
    if (path.includes(name)) {
      found.push([...path.slice(path.indexOf(name)), name].join(' -> '));
      return;
    }
    for (const other of table.places.get(name)?.may ?? []) if (!other.includes('/')) visit(other, [...path, name]);
  };
  for (const name of table.places.keys()) if (!name.includes('/')) visit(name, []);
  return found;
}

// The place in the table that a file belongs to: its room in src, or the longest folder that fits.
export function placeOf(table, path) {
  const inSource = /^src\/([^/]+)\//.exec(path);
  if (inSource) return inSource[1];
  const fits = [...table.places.keys()].filter((name) => path === name || path.startsWith(name + '/'));
  return fits.sort((a, b) => b.length - a.length)[0];
}

// Why `included` may not be included by the file `path`, or undefined when it may. `exists` answers for paths
// from the root.
export function refusal(table, path, included, exists) {
  const place = placeOf(table, path);
  const rules = table.places.get(place);
  if (!rules) return `${path} is in no place that src/layers.txt names`;
  if (rules.may.includes('any')) return undefined;
  const word = /^naru\/([^/]+)\.hpp$/.exec(included);
  if (word) return wordRefusal(table, path, place, rules, word[1]);

  const room = included.split('/')[0];
  if (included.includes('/') && (table.places.has(room) && !path.startsWith('apps/') || exists('src/' + included))) {
    if (room === place || rules.may.includes(room)) return undefined;
    return `${place} may not include the room ${room}`;
  }
  const beside = [join(dirname(path), included), join('apps', included)].find(exists);
  if (beside) {
    const other = placeOf(table, beside);
    if (rules.may.includes(other) || (other === place && (rules.may.includes('self') || path.startsWith('src/')))) {
      return undefined;
    }
    return `${place} may not include ${other}`;
  }
  if (rules.headers.some((name) => (name.endsWith('/') ? included.startsWith(name) : included === name))) {
    return undefined;
  }
  if (systemHeader.test(included) && !notSystem.has(included)) {
    if (!table.sockets.headers.includes(included) || table.sockets.rooms.includes(place)) return undefined;
    return place + ' may not know sockets';
  }
  return place + ' may not include this';
}

function wordRefusal(table, path, place, rules, name) {
  const self = /^include\/naru\/([^/]+)\.hpp$/.exec(path)?.[1];
  if (table.words.has(name)) return undefined;
  if (self && table.words.has(self)) return `a word (${self}) may include only words and the standard library`;
  if (rules.may.includes('house')) return undefined;
  return `${place} may not include the house, only words`;
}

export function includesOf(text) {
  return text.split('\n').flatMap((line, index) => {
    const found = /^\s*#\s*include\s*[<"]([^>"]+)[>"]/.exec(line);
    return found ? [{included: found[1], line: index + 1}] : [];
  });
}

// All breaches below `root`, as lines "file:line: <header>: why", and how many files were read.
export function check(root, table) {
  const exists = (path) => existsSync(join(root, path));
  const breaches = [];
  let files = 0;
  for (const folder of ['src', 'include', 'apps', 'examples']) {
    for (const file of filesBelow(join(root, folder))) {
      const path = relative(root, file);
      files += 1;
      const text = readFileSync(file, 'utf8');
      for (const line of riskyAwaits(text)) breaches.push(`${path}:${line}: a brace or bracket beside co_await: g++ 12 breaks it`);
      for (const {included, line} of includesOf(text)) {
        const why = refusal(table, path, included, exists);
        if (why) breaches.push(`${path}:${line}: ${included}: ${why}`);
      }
    }
  }
  return {files, breaches};
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return /\.(hpp|cpp|h|c|cc)$/.test(entry) ? [path] : [];
  });
}
