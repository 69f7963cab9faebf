import { noMessage, ofNobody } from './link-faults.ts';
import { At, MessageKind, sessionOf, VERSION, versionOf } from './wire/layout.ts';
import { decodeRefusal } from './wire/receiver-notes.ts';
import { type Beat, decodeBeat, decodeFailure, type Failure } from './wire/sender-notes.ts';

/** What a receiver does with each kind of message that comes on the subject of frames. What it throws is told. */
export interface SenderMessageTaker {
  readonly frame: (message: Uint8Array) => void;
  readonly part: (message: Uint8Array) => void;
  readonly beat: (beat: Beat) => void;
  readonly failed: (session: number, failure: Failure) => void;
  readonly refused: (whom: number) => void;
  readonly otherVersion: (session: number, version: number) => void;
}

/**
 * Takes one message apart as far as its kind.
 *
 * @throws SluiceError `SLUICE_REMOTE_FRAME` for what is none of a link's, and for what the taker refuses
 */
export function takeSenderMessage(message: Uint8Array, taker: SenderMessageTaker): void {
  const version = versionOf(message);
  const kind = message[At.kind]!;
  if (version === undefined) throw noMessage(message);
  if (kind === MessageKind.refuse) return taker.refused(decodeRefusal(message).whom);
  const session = sessionOf(message);
  if (version !== VERSION) return taker.otherVersion(session, version);
  if (session === 0) throw ofNobody();
  if (kind === MessageKind.beat) taker.beat(decodeBeat(message));
  else if (kind === MessageKind.fail) taker.failed(session, decodeFailure(message));
  else if (kind === MessageKind.part) taker.part(message);
  else taker.frame(message);
}
