/** Notes a figure of this run: `measured('back', 38, 'ms')`. It stands in docs/faults.md once it is recorded. */
export type Measured = (what: string, value: number, unit: string) => void;

/** A test elsewhere that proves a row: its file from the root, and a part of its name as it stands there. */
export interface HeldBy {
  readonly file: string;
  readonly test: string;
}

interface Row {
  /** N1 to N20, P1 to P22, M1 to M16, S1 to S8. */
  readonly id: string;
  /** What breaks. */
  readonly fault: string;
  /** What the users of a call see of it. */
  readonly happens: string;
  /** By when, or how much at most: what the test expects. */
  readonly bound: string;
}

/** A row that is tried here. It fails by throwing. */
export interface CheckedRow extends Row {
  readonly check: (measured: Measured) => Promise<void>;
  /** What of it is proven elsewhere beside this. */
  readonly heldBy?: HeldBy | readonly HeldBy[];
  /** Only in `npm run faults`. */
  readonly long?: true;
  /** Needs real time: calls, sockets, processes. Others run in virtual time. */
  readonly realTime?: true;
  /** 60 s by default. */
  readonly timeoutMs?: number;
}

interface HeldRow extends Row {
  readonly heldBy: HeldBy | readonly HeldBy[];
}

interface UntestedRow extends Row {
  /** Why it cannot be tested here, or with which later part it comes. */
  readonly untested: string;
}

/** One row of the catalogue of faults, which is proven here, proven elsewhere, or says why it is not. */
export type FaultRow = CheckedRow | HeldRow | UntestedRow;

/** Rows of one kind of fault. */
export interface FaultPart {
  readonly title: string;
  /** `N`: the rows are N1 to the last. */
  readonly letter: string;
  readonly last: number;
  readonly rows: readonly FaultRow[];
}

/** The tests elsewhere that prove a row, or some of it. */
export function heldBy(row: FaultRow): readonly HeldBy[] {
  if (!('heldBy' in row) || row.heldBy === undefined) return [];
  return 'file' in row.heldBy ? [row.heldBy] : row.heldBy;
}
