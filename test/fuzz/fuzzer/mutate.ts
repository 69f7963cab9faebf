import type { Dice } from './dice.ts';

/** Numbers at which sizes and counts turn over. */
const EDGES = [0, 1, 2, 16, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

export interface MutationSources {
  /** Another input that is known to reach something. */
  readonly other: Uint8Array;
  /** Words that the reader knows. */
  readonly words: readonly Uint8Array[];
  /** The longest input in bytes. */
  readonly maxBytes: number;
}

type Mutation = (input: Uint8Array, dice: Dice, sources: MutationSources) => Uint8Array;

const changed = (input: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array => {
  const copy = input.slice();
  if (copy.length > 0) change(copy);
  return copy;
};

/** `piece` in place of the bytes from `from` to `to`. */
const replaced = (input: Uint8Array, from: number, to: number, piece: Uint8Array): Uint8Array => {
  const result = new Uint8Array(input.length - (to - from) + piece.length);
  result.set(input.subarray(0, from));
  result.set(piece, from);
  result.set(input.subarray(to), from + piece.length);
  return result;
};

/** A stretch of the input, mostly short. */
const stretch = (input: Uint8Array, dice: Dice): readonly [from: number, to: number] => {
  const from = dice.below(input.length + 1);
  return [from, Math.min(input.length, from + dice.size(input.length))];
};

const flipBit: Mutation = (input, dice) =>
  changed(input, (copy) => {
    const at = dice.below(copy.length);
    copy[at] = copy[at]! ^ (1 << dice.below(8));
  });

const setByte: Mutation = (input, dice) =>
  changed(input, (copy) => {
    copy[dice.below(copy.length)] = dice.below(256);
  });

const addToByte: Mutation = (input, dice) =>
  changed(input, (copy) => {
    const at = dice.below(copy.length);
    copy[at] = copy[at]! + dice.below(71) - 35;
  });

/** A number of 2 or 4 bytes: one at an edge, the length of the input, or the old one and a little. */
const setSize: Mutation = (input, dice) =>
  changed(input, (copy) => {
    const bytes = dice.below(2) === 0 ? 2 : 4;
    if (copy.length < bytes) return;
    const at = dice.below(copy.length - bytes + 1);
    const view = new DataView(copy.buffer, at);
    const little = dice.below(4) > 0;
    const old = bytes === 2 ? view.getUint16(0, little) : view.getUint32(0, little);
    const number = dice.pick([dice.pick(EDGES), copy.length - dice.below(16), old + dice.below(33) - 16]);
    if (bytes === 2) view.setUint16(0, number, little);
    else view.setUint32(0, number, little);
  });

/** Digits in a row become another number. */
const setDigits: Mutation = (input, dice) => {
  const first = input.findIndex((byte, at) => at >= dice.below(input.length) && byte >= 0x30 && byte <= 0x39);
  if (first < 0) return setByte(input, dice, undefined as never);
  let end = first;
  while (end < input.length && input[end]! >= 0x30 && input[end]! <= 0x39) end++;
  const number = dice.pick([String(dice.pick(EDGES)), '-1', '0.5', '1e308', '1e999', '9007199254740993', 'null']);
  return replaced(input, first, end, Buffer.from(number));
};

const remove: Mutation = (input, dice) => replaced(input, ...stretch(input, dice), new Uint8Array(0));

const duplicate: Mutation = (input, dice) => {
  const [from, to] = stretch(input, dice);
  return replaced(input, to, to, input.subarray(from, to));
};

const move: Mutation = (input, dice) => {
  const piece = input.slice(...stretch(input, dice));
  const at = dice.below(input.length + 1);
  return replaced(input, at, at, piece);
};

/** One stretch very often: what counts on being nested or repeated a few times meets thousands. */
const repeat: Mutation = (input, dice, { maxBytes }) => {
  const from = dice.below(input.length + 1);
  const piece = input.subarray(from, Math.min(input.length, from + 1 + dice.below(8)));
  const many = dice.below(8) === 0 ? maxBytes : dice.size(256);
  const times = Math.min(many, Math.floor((maxBytes - input.length) / Math.max(1, piece.length)));
  if (piece.length === 0 || times < 1) return input;
  const run = new Uint8Array(piece.length * times);
  for (let at = 0; at < run.length; at += piece.length) run.set(piece, at);
  return replaced(input, from, from, run);
};

const insertBytes: Mutation = (input, dice) => {
  const at = dice.below(input.length + 1);
  // Small numbers are kinds, counts and versions.
  const most = dice.pick([4, 16, 256]);
  const piece = Uint8Array.from({ length: 1 + dice.below(8) }, () => dice.below(most));
  return replaced(input, at, at, piece);
};

/** A word of the dictionary, between the bytes or over them. */
const useWord: Mutation = (input, dice, { words }) => {
  if (words.length === 0) return insertBytes(input, dice, undefined as never);
  const word = dice.pick(words);
  const at = dice.below(input.length + 1);
  return replaced(input, at, dice.below(2) === 0 ? at : Math.min(input.length, at + word.length), word);
};

/** The beginning of this input and the end of another. */
const splice: Mutation = (input, dice, { other }) => {
  const from = dice.below(input.length + 1);
  return replaced(input, from, input.length, other.subarray(dice.below(other.length + 1)));
};

/** A stretch of another input between the bytes of this one. */
const graft: Mutation = (input, dice, { other }) => {
  const at = dice.below(input.length + 1);
  return replaced(input, at, at, other.slice(...stretch(other, dice)));
};

const mutations: readonly Mutation[] = [
  flipBit,
  setByte,
  addToByte,
  setSize,
  setDigits,
  remove,
  duplicate,
  move,
  repeat,
  insertBytes,
  useWord,
  useWord,
  splice,
  graft,
];

/** The input with one to eight changes, no longer than may be. */
export function mutate(input: Uint8Array, dice: Dice, sources: MutationSources): Uint8Array {
  let result = input;
  for (let left = 1 << dice.below(4); left > 0; left--) result = dice.pick(mutations)(result, dice, sources);
  return result.length > sources.maxBytes ? result.slice(0, sources.maxBytes) : result;
}
