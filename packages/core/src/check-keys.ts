import { invalidArgument } from './errors.ts';

/** Every key of an options type, each once: the compiler keeps the list complete. */
export type KeysOf<T> = { readonly [K in keyof Required<T>]: true };

/**
 * Refuses at once what is no object of options, and keys that are none of them: a misspelt option would be passed over
 * in silence. Each call that takes options checks them so.
 *
 * @param name What takes the options, as the message shows it: `gain`.
 * @throws TypeError that names the unknown key, the nearest known one, and all of them.
 * @example
 * function gain(options: GainOptions) {
 *   checkKeys<GainOptions>('gain', options, { db: true, rampMs: true });
 * }
 */
export function checkKeys<T>(name: string, options: unknown, keys: KeysOf<T>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || options instanceof Promise)
    throw invalidArgument(name, `an object with the options ${list(Object.keys(keys))}`, options);
  for (const key in options) {
    if (Object.hasOwn(keys, key)) continue;
    throw unknownKey(name, key, Object.keys(keys));
  }
}

/** The error for a key that is none of the known ones. */
export function unknownKey(name: string, key: string, known: readonly string[]): TypeError & { readonly code: string } {
  const near = nearestName(key, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const rule = known.length === 0 ? 'no options' : `one of the options ${list(known)}`;
  return invalidArgument(`${name}.${key}`, `${rule}${hint}`, key);
}

/** The name that was most likely meant: the same letters in another spelling, part of it, or one or two letters off or swapped. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const plain = letters(given);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const other = letters(name);
    // What begins or ends alike is nearer than what is as many letters off: `freq`, `rate`.
    const partly = plain.length >= 3 && (other.startsWith(plain) || other.endsWith(plain));
    const distance = partly ? 1 : editDistance(plain, other);
    const most = other.length < 2 ? 0 : Math.max(1, Math.floor(other.length / 3));
    if (distance >= least || distance > most) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function list(names: readonly string[]): string {
  return names.join(', ');
}

/** Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
