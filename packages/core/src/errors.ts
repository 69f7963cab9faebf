// What every refusal of sluice is: one error class with a code, and the checks of arguments that raise it. A check
// of a format stands with the format.

/** What a message says beside what happened. */
export interface ErrorDetails {
  /** What was expected, as a noun phrase: `an integer from 1 to 8`. */
  readonly expected?: string;
  /** What was received instead. */
  readonly received?: unknown;
  /** What to do about it, as a sentence without the full stop. */
  readonly fix?: string;
  /** The node (or link) the fault belongs to. */
  readonly nodeId?: string;
  /** Media time of the fault in microseconds. */
  readonly timestamp?: number;
  /** What it came from, which `cause` of the error has then: the error of a library, of the system. */
  readonly cause?: unknown;
}

const BRAND = Symbol.for('sluice.error');

/**
 * The base of every run-time fault: a permanent `code` with a page in docs/errors.md, and a message that says what
 * happened, what was expected, what was received and what to do.
 */
export class SluiceError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly nodeId?: string;
  readonly timestamp?: number;
  /** What to do about it, where the message says it: its last sentence, without the full stop. */
  readonly fix?: string;
  readonly [BRAND] = true;

  constructor(code: Code, what: string, details: ErrorDetails = {}) {
    super(composeMessage(what, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SluiceError';
    this.code = code;
    if (details.nodeId !== undefined) this.nodeId = details.nodeId;
    if (details.timestamp !== undefined) this.timestamp = details.timestamp;
    if (details.fix !== undefined) this.fix = details.fix;
  }

  /** Where the code is explained. */
  get docs(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`;
  }
}

/** True for errors of sluice, also when two copies of the package are loaded. */
export function isSluiceError(error: unknown): error is SluiceError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
}

export const argumentErrorCodes = ['SLUICE_INVALID_ARGUMENT', 'SLUICE_OUT_OF_RANGE'] as const;

/** Codes of errors that are raised by core. */
export const coreErrorCodes = [
  ...argumentErrorCodes,
  'SLUICE_FRAME_CLOSED',
  'SLUICE_FRAME_SHAPE',
  'SLUICE_SAMPLES_INVALID',
  'SLUICE_LINK_FORMAT',
  'SLUICE_LINK_OVERFLOW',
  'SLUICE_LINK_INVALID',
  'SLUICE_CHAIN_OVERFLOW',
  'SLUICE_GRAPH_INVALID',
  'SLUICE_GRAPH_STATE',
  'SLUICE_GRAPH_STALLED',
  'SLUICE_SYNC_START',
  'SLUICE_SYNC_LATE',
  'SLUICE_NODE_FAILED',
  'SLUICE_NODE_OPTIONS',
  'SLUICE_NODE_CONTROL',
  'SLUICE_NODE_OVERFLOW',
  'SLUICE_PLUGIN_CONTRACT',
  'SLUICE_RESTART_BUDGET',
  'SLUICE_DEADLINE',
  'SLUICE_ABORTED',
  'SLUICE_WORKER_FAILED',
  'SLUICE_KERNEL_CLOSED',
  'SLUICE_VOICE_MODEL',
  'SLUICE_SESSION_FILE',
  'SLUICE_SESSION_VERSION',
  'SLUICE_SESSION_WITHHELD',
  'SLUICE_SESSION_PROGRAM',
  'SLUICE_SESSION_WRITE',
  'SLUICE_SESSION_GRAPH',
  'SLUICE_SESSION_ORDER',
  'SLUICE_SESSION_OUTPUT',
  'SLUICE_INSPECTOR_MISSING',
] as const;
/** Codes of the errors that this package raises; each has an entry in docs/errors.md. */
export type CoreErrorCode = (typeof coreErrorCodes)[number];

/** A `TypeError` with a code for an option of the wrong kind. Throw it at once, before any work. */
export function invalidArgument(name: string, rule: string, received: unknown): TypeError & { readonly code: string } {
  const error = new TypeError(composeMessage(`${name} is not valid`, { expected: rule, received }));
  return Object.assign(error, { code: 'SLUICE_INVALID_ARGUMENT' });
}

/** A `RangeError` with a code for an option of the right kind outside its range. */
export function outOfRange(name: string, range: string, received: unknown): RangeError & { readonly code: string } {
  const error = new RangeError(composeMessage(`${name} is out of range`, { expected: range, received }));
  return Object.assign(error, { code: 'SLUICE_OUT_OF_RANGE' });
}

/** For a frame that is used after its end. */
export function closedFrame(done: string): SluiceError {
  return new SluiceError('SLUICE_FRAME_CLOSED', `a closed frame cannot be ${done}`, {
    fix: 'Close a frame only where it is dropped; clone() or copy() it before',
  });
}

/** Anything thrown as an `Error`, so that `cause` and `message` can be relied on. */
export function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(`a value that is not an error was thrown: ${show(reason)}`);
}

function composeMessage(what: string, details: ErrorDetails): string {
  const goesOn = details.expected !== undefined || 'received' in details || details.fix !== undefined;
  // Words of somebody else may end in a full stop of their own.
  let message = goesOn ? what.replace(/([^.])\.$/, '$1') : what;
  if (details.expected !== undefined) message += `; expected ${details.expected}`;
  if ('received' in details) message += `; received ${show(details.received)}`;
  // A question has its mark.
  if (details.fix !== undefined) message += `${message.endsWith('?') ? '' : '.'} ${details.fix}`;
  const { nodeId } = details;
  if (nodeId === undefined) return message;
  // What begins with a description of the node names it already.
  const names = what.startsWith(`${nodeId} [`) || what.startsWith(`${nodeId} failed: `);
  return names ? message : `${nodeId}: ${message}`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `a function`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  try {
    const text = JSON.stringify(value) ?? Object.prototype.toString.call(value);
    return text.length > 120 ? `${text.slice(0, 120)}…` : text;
  } catch {
    return Object.prototype.toString.call(value);
  }
}
