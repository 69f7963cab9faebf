import { type Gap, gapReasons, type Micros } from '@sluice/core';
import { frameFault } from './frame-fault.ts';
import { At, getUint53, HEADER_BYTES, MessageKind } from './layout.ts';

/** The longest gap that is believed, in microseconds: a year. */
const LONGEST_GAP = 365 * 86_400 * 1e6;

/** The header of a frame that came, read in place: one object serves a whole link. */
export class FrameHeader {
  readonly #bytes = new Uint8Array(HEADER_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  kind = 0;
  session = 0;
  sequence = 0;
  epoch = 0;
  voids = 0;
  timestamp = 0 as Micros;
  gap: Gap | undefined;
  payload = 0;
  /** Of the whole frame, in bytes. */
  length = 0;
  utterance = 0;
  format = 0;
  colorSpace = 0;
  rateOrWidth = 0;
  maskOrHeight = 0;
  /** Microseconds; -1 where the frame has none. */
  duration = 0;

  /**
   * Reads what every frame has, and sees that the message has all of it. Another frame may follow behind `length` bytes.
   *
   * @throws SLUICE_REMOTE_FRAME for one that is cut off, or has a number that none can have
   */
  read(message: Uint8Array): void {
    if (message.length < HEADER_BYTES)
      throw frameFault('a remote frame is cut off', {
        expected: `at least ${HEADER_BYTES} bytes`,
        received: message.length,
      });
    for (let at = 0; at < HEADER_BYTES; at++) this.#bytes[at] = message[at]!;
    const view = this.#view;
    this.kind = this.#bytes[At.kind]!;
    this.session = view.getUint32(At.session, true);
    this.sequence = getUint53(view, At.sequence);
    this.epoch = view.getUint32(At.epoch, true);
    this.voids = view.getUint32(At.voids, true);
    this.timestamp = view.getFloat64(At.timestamp, true) as Micros;
    this.payload = view.getUint32(At.payload, true);
    this.utterance = view.getUint16(At.utterance, true);
    this.format = this.#bytes[At.format]!;
    this.colorSpace = this.#bytes[At.colorSpace]!;
    this.rateOrWidth = view.getUint32(At.rateOrWidth, true);
    this.maskOrHeight = view.getUint32(At.maskOrHeight, true);
    this.duration = view.getFloat64(At.duration, true);
    this.length = HEADER_BYTES + this.utterance + this.payload;
    this.gap = this.#gap();
    this.#check(message.length);
  }

  #gap(): Gap | undefined {
    const number = this.#bytes[At.gapReason]!;
    const duration = this.#view.getFloat64(At.gap, true) as Micros;
    if (number === 0) return undefined;
    const reason = gapReasons[number - 1];
    if (reason === undefined || !(duration >= 0 && duration <= LONGEST_GAP))
      throw frameFault('the gap of a remote frame makes no sense', { received: `${duration} us of kind ${number}` });
    return { duration, reason };
  }

  #check(there: number): void {
    if (there < this.length)
      throw frameFault('a remote frame is not as long as it says', {
        expected: `${this.length} bytes`,
        received: there,
      });
    if (!Number.isFinite(this.timestamp) || !Number.isSafeInteger(this.sequence))
      throw frameFault('the time or number of a remote frame makes no sense', {
        received: `${this.timestamp} us, number ${this.sequence}`,
      });
    const { duration } = this;
    if (!(Number.isFinite(duration) && (duration >= 0 || (duration === -1 && this.kind === MessageKind.data))))
      throw frameFault('the duration of a remote frame makes no sense', { received: duration });
  }
}
