import { frameFault } from './frame-fault.ts';
import { getUint53, MessageKind, sessionOf, setUint53, VERSION } from './layout.ts';
import { begin, viewOf } from './sender-notes.ts';

/** What a receiver has room for. It tells it as it takes frames, and twice a second. */
export interface Credit {
  /** To whom; 0 for whoever sends. */
  readonly session: number;
  readonly receiver: number;
  /** All frames before this number are taken, void or lost. */
  readonly taken: number;
  /** How often the receiver was interrupted: what was sent before the sender knew of it is void. */
  readonly voids: number;
  /** How many frames, and how many bytes of them, may be on their way beyond `taken`. */
  readonly frames: number;
  readonly bytes: number;
  /** The most bytes of several frames in one message; 0 where each comes by itself, as who does not say so takes them. */
  readonly together: number;
  /** Media that went on into the receiver's graph, in microseconds. */
  readonly media: number;
  /** The receiver has everything up to the end. */
  readonly done: boolean;
}

/** Why a sender or receiver is refused. */
export const refusals = ['sender', 'receiver', 'version'] as const;
/** Another sender, or another receiver, has the link; or the other side speaks another version. */
export type Refusal = (typeof refusals)[number];

/** The end of a receiver that goes in order. */
export type Bye = Pick<Credit, 'session' | 'receiver' | 'taken' | 'done'>;

const CREDIT_BYTES = 44;
/** Of a receiver that takes frames one by one, and says nothing of it. */
const SHORTER_CREDIT_BYTES = 40;
const BYE_BYTES = 20;

export function encodeCredit(credit: Credit): Uint8Array {
  const { bytes, view } = begin(MessageKind.credit, credit.done ? 1 : 0, credit.session, CREDIT_BYTES);
  setUint53(view, 8, credit.taken);
  view.setUint32(16, credit.receiver, true);
  view.setUint32(20, credit.voids, true);
  view.setUint32(24, credit.frames, true);
  view.setUint32(28, credit.bytes, true);
  view.setFloat64(32, credit.media, true);
  view.setUint32(40, credit.together, true);
  return bytes;
}

/** @throws SLUICE_REMOTE_FRAME */
export function decodeCredit(bytes: Uint8Array): Credit {
  const least = bytes.length > SHORTER_CREDIT_BYTES ? CREDIT_BYTES : SHORTER_CREDIT_BYTES;
  const view = viewOf(bytes, least, 'the credit of a receiver');
  const receiver = receiverOf(view);
  const taken = getUint53(view, 8);
  const media = view.getFloat64(32, true);
  if (!Number.isSafeInteger(taken) || !(media >= 0 && Number.isFinite(media)))
    throw frameFault('the credit of a receiver makes no sense', { received: `${taken} frames, ${media} us` });
  return {
    session: sessionOf(bytes),
    receiver,
    taken,
    voids: view.getUint32(20, true),
    frames: view.getUint32(24, true),
    bytes: view.getUint32(28, true),
    together: least < CREDIT_BYTES ? 0 : view.getUint32(40, true),
    media,
    done: bytes[3] === 1,
  };
}

export function encodeBye({ session, receiver, taken, done }: Bye): Uint8Array {
  const { bytes, view } = begin(MessageKind.bye, done ? 1 : 0, session, BYE_BYTES);
  setUint53(view, 8, taken);
  view.setUint32(16, receiver, true);
  return bytes;
}

/** @throws SLUICE_REMOTE_FRAME */
export function decodeBye(bytes: Uint8Array): Bye {
  const view = viewOf(bytes, BYE_BYTES, 'the end of a receiver');
  const taken = getUint53(view, 8);
  if (!Number.isSafeInteger(taken)) throw frameFault('the end of a receiver counts beyond what can be counted');
  return { session: sessionOf(bytes), receiver: receiverOf(view), taken, done: bytes[3] === 1 };
}

/** Nobody has the number 0: who took it for a receiver would send to nobody. */
function receiverOf(view: DataView): number {
  const receiver = view.getUint32(16, true);
  if (receiver === 0) throw frameFault('a message to a sender is of nobody', { expected: 'a receiver that is not 0' });
  return receiver;
}

/** Either side says it to the one who bears this number. No version changes this message. */
export function encodeRefusal(whom: number, why: Refusal): Uint8Array {
  const { bytes } = begin(MessageKind.refuse, refusals.indexOf(why) + 1, whom, 9);
  bytes[8] = VERSION;
  return bytes;
}

/** @throws SLUICE_REMOTE_FRAME */
export function decodeRefusal(bytes: Uint8Array): {
  readonly whom: number;
  readonly why: Refusal;
  readonly version: number;
} {
  viewOf(bytes, 9, 'a refusal');
  const why = refusals[bytes[3]! - 1];
  if (why === undefined) throw frameFault('a refusal has a reason that is not known', { received: bytes[3] });
  return { whom: sessionOf(bytes), why, version: bytes[8]! };
}
