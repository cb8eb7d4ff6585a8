// A student's progress as a file, written here and read by the class view. It is JSON:
// { layerlab: 'progress', version, student (a number of this browser, by chance), name, saved (ISO 8601),
//   lessons: { <slug>: { done: [exercise], goals: { <exercise>.<goal>: { lines, reached } },
//                        answers: { quiz.<id> or guess.<exercise>: { chosen: [place], given, missed } } } } }
import { note } from '../tries.js';

const VERSION = 1;
/** A file that is larger is none of ours, bytes. */
export const LARGEST = 1 << 20;
/** More letters has no name. */
const LONGEST = 80;
const STUDENT = 'layerlab.student';

/** What could not be stored (src/web.js) counts as much. */
const unstored = globalThis.layerlabUnstored ?? new Map();

const remembered = (name) => {
  try {
    return unstored.get(name) ?? localStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
};

/** Who saved here before: `{ student, name }`. */
export function who() {
  const [student, ...name] = remembered(STUDENT).split(' ');
  return { student: student || crypto.getRandomValues(new Uint32Array(2)).join('-'), name: name.join(' ') };
}

function answer(text) {
  const chosen = text.replace(/[?!]/g, '').split(' ').filter(Boolean).map(Number);
  return { chosen, given: text.endsWith('!'), missed: text.startsWith('?') };
}

/** What this browser remembers of all lessons (src/lessons.rs, src/components/question.rs, ../tries.js). */
function lessons() {
  const all = {};
  let keys = [...unstored.keys()];
  try {
    keys = [...new Set([...keys, ...Object.keys(localStorage)])].sort();
  } catch {
    // There is none, and nothing to tell.
  }
  for (const key of keys) {
    const [, kind, slug, id] = key.match(/^layerlab\.(progress|tries|quiz|guess)\.([^.]+)\.?(.*)$/) ?? [];
    const text = remembered(key);
    if (!kind || !text) continue;
    const lesson = all[slug] ??= { done: [], goals: {}, answers: {} };
    if (kind === 'progress') lesson.done = text.split(' ').filter(Boolean);
    else if (kind !== 'tries') lesson.answers[`${kind}.${id}`] = answer(text);
    else {
      try {
        for (const [goal, [lines, reached]] of Object.entries(JSON.parse(text))) lesson.goals[goal] = { lines, reached: Boolean(reached) };
      } catch {
        // Damaged: the rest counts.
      }
    }
  }
  return all;
}

/** The file of a student, as text. */
export function write(given) {
  note(0);
  const { student } = who();
  const name = given.trim().slice(0, LONGEST);
  try {
    localStorage.setItem(STUDENT, `${student} ${name}`);
  } catch {
    // The next file counts as somebody else's.
  }
  const file = { layerlab: 'progress', version: VERSION, student, name, saved: new Date().toISOString(), lessons: lessons() };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Why a file was refused: a name in texts.js. */
export class Refused extends Error {}

const demand = (holds, why = 'damagedFile') => { if (!holds) throw new Refused(why); };
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isId = (value) => typeof value === 'string' && /^[\w.-]{1,120}$/.test(value);
const isCount = (value) => Number.isInteger(value) && value >= 0;

/** The entries of an object as a map, each checked; a file has at most some hundreds of them. */
function entries(value, check) {
  demand(isObject(value));
  const pairs = Object.entries(value);
  demand(pairs.length <= 500);
  for (const [id, one] of pairs) demand(isId(id) && check(one));
  return new Map(pairs);
}

/** What a file says: `{ student, name, saved, lessons }`, its lessons a map. Throws `Refused`. */
export function read(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Refused(/^\s*\{[\s\S]*"layerlab"/.test(text) ? 'damagedFile' : 'foreignFile');
  }
  demand(isObject(file) && file.layerlab === 'progress', 'foreignFile');
  demand(isCount(file.version));
  demand(file.version <= VERSION, 'newerFile');
  demand(isId(file.student) && typeof file.name === 'string' && !Number.isNaN(Date.parse(file.saved)));
  const goal = (one) => isObject(one) && isCount(one.lines) && typeof one.reached === 'boolean';
  const given = (one) => isObject(one) && Array.isArray(one.chosen) && one.chosen.length < 100 && one.chosen.every(isCount);
  const known = entries(file.lessons, (one) => isObject(one) && Array.isArray(one.done) && one.done.length < 500 && one.done.every(isId));
  const read = [...known].map(([slug, { done, goals, answers }]) => [slug, { done: new Set(done), goals: entries(goals, goal), answers: entries(answers, given) }]);
  return { student: file.student, name: file.name.trim().slice(0, LONGEST), saved: new Date(file.saved), lessons: new Map(read) };
}
