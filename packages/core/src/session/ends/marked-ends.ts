import type { SinkSpec, SourceSpec } from '../../operators/node-spec.ts';

const ends = new WeakSet<object>();

/** Remembers that what has this description is an end of a session. */
export function markEnd<S extends SourceSpec | SinkSpec>(spec: S): S {
  ends.add(spec);
  return spec;
}

export function isEnd(spec: object): boolean {
  return ends.has(spec);
}
