// Replaying: the same graph is given what a file says that came in, in its order, and what it does is compared with what it
// did.

import { SluiceError } from '../../errors.ts';

/** In which way a replay may differ from what was recorded. */
export type DifferenceCode = 'SLUICE_SESSION_GRAPH' | 'SLUICE_SESSION_ORDER' | 'SLUICE_SESSION_OUTPUT';

/** Where a replay is not what was recorded. */
export interface DifferenceDetails {
  /** The record's place in the file, from 1; 0 for the header. */
  readonly record: number;
  /** Milliseconds since the first record. */
  readonly atMs: number;
  /** The end, timer or work that it belongs to. */
  readonly node: string;
  /** Samples per channel that the sink was given before the first that differs. */
  readonly sample?: number;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

/** A difference between a recorded and a replayed run. The first one explains what follows. */
export class SessionDifference extends SluiceError<DifferenceCode> implements DifferenceDetails {
  readonly record: number;
  readonly atMs: number;
  readonly node: string;
  readonly sample?: number;
  readonly recorded: unknown;
  readonly replayed: unknown;

  constructor(code: DifferenceCode, what: string, details: DifferenceDetails) {
    const { record, atMs, node, sample, recorded, replayed } = details;
    const place = sample === undefined ? '' : `, sample ${sample}`;
    super(code, `${what} (record ${record}, ${atMs.toFixed(1)} ms, ${node}${place})`, {
      expected: typeof recorded === 'string' ? recorded : JSON.stringify(recorded),
      received: replayed,
    });
    this.record = record;
    this.atMs = atMs;
    this.node = node;
    if (sample !== undefined) this.sample = sample;
    this.recorded = recorded;
    this.replayed = replayed;
  }
}
