import { frameFault } from './frame-fault.ts';
import { At, getUint53, MAGIC, MessageKind, PREFIX_BYTES, sessionOf, setUint53, VERSION } from './layout.ts';

/** What a sender tells twice a second, and at once when it begins, is interrupted or ends. */
export interface Beat {
  readonly session: number;
  /** Whom it serves; 0 for nobody yet. Everybody hears it, and one takes its frames. */
  readonly receiver: number;
  /** The number that the next frame would have. */
  readonly sequence: number;
  readonly epoch: number;
  readonly voids: number;
  readonly ended: boolean;
}

/** Why a sender failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

const BEAT_BYTES = 28;
/** Of the code, and of the words, of a failure. */
const MOST_TEXT = 1_024;
const utf8 = new TextEncoder();
const text = new TextDecoder();

export function encodeBeat({ session, receiver, sequence, epoch, voids, ended }: Beat): Uint8Array {
  const { bytes, view } = begin(MessageKind.beat, ended ? 1 : 0, session, BEAT_BYTES);
  setUint53(view, 8, sequence);
  view.setUint32(16, epoch, true);
  view.setUint32(20, voids, true);
  view.setUint32(24, receiver, true);
  return bytes;
}

/** @throws SLUICE_REMOTE_FRAME */
export function decodeBeat(bytes: Uint8Array): Beat {
  const view = viewOf(bytes, BEAT_BYTES, 'what a sender tells of itself');
  const sequence = getUint53(view, 8);
  if (!Number.isSafeInteger(sequence)) throw frameFault('a sender counts beyond what can be counted');
  return {
    session: sessionOf(bytes),
    sequence,
    epoch: view.getUint32(16, true),
    voids: view.getUint32(20, true),
    receiver: view.getUint32(24, true),
    ended: bytes[3] === 1,
  };
}

export function encodeFailure(session: number, { code, message }: Failure): Uint8Array {
  const [first, second] = [utf8.encode(code).subarray(0, MOST_TEXT), utf8.encode(message).subarray(0, MOST_TEXT)];
  const { bytes, view } = begin(MessageKind.fail, 0, session, 12 + first.length + second.length);
  view.setUint16(8, first.length, true);
  view.setUint16(10, second.length, true);
  bytes.set(first, 12);
  bytes.set(second, 12 + first.length);
  return bytes;
}

/** @throws SLUICE_REMOTE_FRAME */
export function decodeFailure(bytes: Uint8Array): Failure {
  const view = viewOf(bytes, 12, 'the failure of a sender');
  const [first, second] = [view.getUint16(8, true), view.getUint16(10, true)];
  if (first > MOST_TEXT || second > MOST_TEXT || bytes.length !== 12 + first + second)
    throw frameFault('the failure of a sender is not as long as it says', { received: bytes.length });
  return { code: text.decode(bytes.subarray(12, 12 + first)), message: text.decode(bytes.subarray(12 + first)) };
}

/** The first bytes of a message, and the rest of it to be written. */
export function begin(kind: number, state: number, session: number, length: number) {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes[At.magic] = MAGIC;
  bytes[At.version] = VERSION;
  bytes[At.kind] = kind;
  bytes[3] = state;
  view.setUint32(At.session, session, true);
  return { bytes, view };
}

/** A view of a message that is at least so long. */
export function viewOf(bytes: Uint8Array, least: number, what: string): DataView {
  if (bytes.length < Math.max(least, PREFIX_BYTES))
    throw frameFault(`${what} is cut off`, { expected: `at least ${least} bytes`, received: bytes.length });
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
