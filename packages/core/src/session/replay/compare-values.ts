import type { PackedValue } from '../values/pack-value.ts';
import { MARK } from '../values/value-mark.ts';

/** The first place in which two values differ. */
export interface ValueDifference {
  /** In words: `samples`, `messages.2.text`. */
  readonly what: string;
  /** Samples per channel from the beginning of the value. */
  readonly sample?: number;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

/** Compares a recorded value with the one that a replay gave. */
export function compareValues(json: unknown, bytes: Uint8Array, replayed: PackedValue): ValueDifference | undefined {
  if (JSON.stringify(json) !== JSON.stringify(replayed.json)) return compareJson(json, replayed.json, '');
  const given = replayed.parts.length === 1 ? replayed.parts[0]! : Buffer.concat(replayed.parts);
  if (Buffer.compare(bytes, given) === 0) return undefined;
  const frame = json as { readonly [MARK]?: unknown; readonly channels?: number } | null;
  if (frame?.[MARK] === 'audio') return compareSamples(bytes, given, frame.channels ?? 1);
  const at = firstByte(bytes, given);
  return { what: `byte ${at}`, recorded: bytes[at], replayed: given[at] };
}

function compareSamples(bytes: Uint8Array, given: Uint8Array, channels: number): ValueDifference {
  const at = Math.floor(firstByte(bytes, given) / 2);
  const sample = (of: Uint8Array) => new DataView(of.buffer, of.byteOffset, of.byteLength).getInt16(at * 2, true);
  return { what: 'samples', sample: Math.floor(at / channels), recorded: sample(bytes), replayed: sample(given) };
}

function firstByte(a: Uint8Array, b: Uint8Array): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function compareJson(recorded: unknown, replayed: unknown, path: string): ValueDifference {
  if (isObject(recorded) && isObject(replayed))
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(replayed)]))
      if (JSON.stringify(recorded[key]) !== JSON.stringify(replayed[key]))
        return compareJson(recorded[key], replayed[key], path === '' ? key : `${path}.${key}`);
  return { what: path === '' ? 'value' : path, recorded, replayed };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
