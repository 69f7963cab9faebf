// What crosses the border of a session, as JSON and bytes: frames, samples, errors, plain values. Nobody here knows why it
// crosses.

/** The key that says what an object of the JSON stands for. */
export const MARK = '$';

/** Values that are deeper than that are circles, or made to end whoever reads them. */
export const DEEPEST = 32;

/** What a session may keep of a value. */
export interface Keeping {
  /** Samples and pixels; otherwise their hash. */
  readonly sound: boolean;
  /** Strings, but for names and kinds; otherwise their length. */
  readonly text: boolean;
}

/** Everything, whatever the session keeps: formats, names of nodes. */
export const keepAll: Keeping = { sound: true, text: true };

/** Keys whose strings are no words of anybody. */
export const openKeys: ReadonlySet<string> = new Set([
  'type',
  'kind',
  'id',
  'callId',
  'role',
  'reason',
  'code',
  'category',
  'model',
  'utterance',
  'format',
  'colorSpace',
]);

export const arrayTypes = { Int16Array, Uint8Array, Int32Array, Float32Array, Float64Array } as const;
export type ArrayType = keyof typeof arrayTypes;
