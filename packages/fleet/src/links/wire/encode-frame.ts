import {
  AudioFrame,
  type ColorFormat,
  type ColorSpace,
  colorFormats,
  colorSpaces,
  type Frame,
  type Gap,
  gapReasons,
  type Utterance,
  VideoFrame,
} from '@sluice/core';
import { packFields } from './data-fields.ts';
import { frameFault } from './frame-fault.ts';
import { At, HEADER_BYTES, MAGIC, MessageKind, setUint53, VERSION } from './layout.ts';
import type { OutgoingMemory } from './outgoing-memory.ts';

/** What the link says of a frame. */
export interface FrameStamp {
  /** Who sends. */
  session: number;
  sequence: number;
  /** The sender's interruptions so far, and the receiver's that the sender knows of. */
  epoch: number;
  voids: number;
  gap: Gap | undefined;
}

const utf8 = new TextEncoder();
const nothing: Uint8Array = new Uint8Array(0);
let lastUtterance: Utterance | undefined;
let lastUtteranceBytes: Uint8Array = nothing;

/**
 * A frame as one message. The frame stays the caller's, and open.
 *
 * @throws SLUICE_REMOTE_FRAME for one that is larger than `mostBytes`, or that no other process could have
 */
export function encodeFrame(frame: Frame, stamp: FrameStamp, memory: OutgoingMemory, mostBytes: number): Uint8Array {
  const utterance = bytesOfUtterance(frame.utterance);
  if (frame instanceof AudioFrame) {
    const { samples } = frame;
    const payload = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const message = begin(MessageKind.audio, frame, stamp, utterance, payload.length, memory, mostBytes);
    message.set(payload, HEADER_BYTES + utterance.length);
    setFormat(memory, frame.channels, 0, frame.sampleRate, frame.channelMask ?? 0);
    return message;
  }
  if (frame instanceof VideoFrame) {
    const { data } = frame;
    const message = begin(MessageKind.video, frame, stamp, utterance, data.length, memory, mostBytes);
    message.set(data, HEADER_BYTES + utterance.length);
    setFormat(
      memory,
      indexOf(colorFormats, frame.format),
      indexOf(colorSpaces, frame.colorSpace),
      frame.width,
      frame.height,
    );
    return message;
  }
  const { json, parts } = packFields(frame);
  const length = parts.reduce((sum, part) => sum + part.length, json.length);
  const message = begin(MessageKind.data, frame, stamp, utterance, length, memory, mostBytes);
  let at = HEADER_BYTES + utterance.length;
  for (const part of [json, ...parts]) {
    message.set(part, at);
    at += part.length;
  }
  setFormat(memory, 0, 0, json.length, 0);
  return message;
}

function begin(
  kind: number,
  frame: Frame,
  stamp: FrameStamp,
  utterance: Uint8Array,
  payload: number,
  memory: OutgoingMemory,
  mostBytes: number,
): Uint8Array {
  const length = HEADER_BYTES + utterance.length + payload;
  if (length > mostBytes)
    throw frameFault(`a frame of the kind ${JSON.stringify(frame.kind)} is too large for a remote link`, {
      expected: `at most ${mostBytes} bytes, which is maxFrameBytes`,
      received: length,
      fix: 'Make pictures smaller (scale) or I420, or raise maxFrameBytes on both sides',
      timestamp: frame.timestamp,
    });
  const { gap } = stamp;
  if (!Number.isFinite(frame.timestamp) || !isLength(frame.duration) || !isLength(gap?.duration))
    throw frameFault(`a frame of the kind ${JSON.stringify(frame.kind)} is at a time that no receiver takes`, {
      expected: 'a timestamp, and a duration and a gap of 0 or more, in microseconds',
      received: `${frame.timestamp}, ${frame.duration}, ${gap?.duration}`,
    });
  const message = memory.take(length, stamp.sequence);
  const { view, start } = memory;
  message[At.magic] = MAGIC;
  message[At.version] = VERSION;
  message[At.kind] = kind;
  message[At.gapReason] = gap === undefined ? 0 : gapReasons.indexOf(gap.reason) + 1;
  view.setUint32(start + At.session, stamp.session, true);
  setUint53(view, start + At.sequence, stamp.sequence);
  view.setUint32(start + At.epoch, stamp.epoch, true);
  view.setUint32(start + At.voids, stamp.voids, true);
  view.setFloat64(start + At.timestamp, frame.timestamp, true);
  view.setFloat64(start + At.gap, gap?.duration ?? 0, true);
  view.setUint32(start + At.payload, payload, true);
  view.setUint16(start + At.utterance, utterance.length, true);
  // Sound says by its samples how long it is; a frame without a duration has the one that none can have.
  view.setFloat64(start + At.duration, kind === MessageKind.audio ? 0 : (frame.duration ?? -1), true);
  message.set(utterance, HEADER_BYTES);
  return message;
}

function isLength(micros = 0): boolean {
  return micros >= 0 && Number.isFinite(micros);
}

function setFormat(
  { view, start }: OutgoingMemory,
  format: number,
  space: number,
  first: number,
  second: number,
): void {
  view.setUint8(start + At.format, format);
  view.setUint8(start + At.colorSpace, space);
  view.setUint32(start + At.rateOrWidth, first, true);
  view.setUint32(start + At.maskOrHeight, second, true);
}

function indexOf<T extends ColorFormat | ColorSpace>(list: readonly T[], one: T): number {
  return list.indexOf(one);
}

/** Frames of one utterance follow each other: its text is made once. */
function bytesOfUtterance(utterance: Utterance | undefined): Uint8Array {
  if (utterance === undefined) return nothing;
  if (utterance !== lastUtterance) {
    const bytes = utf8.encode(JSON.stringify(utterance));
    if (bytes.length > 0xffff)
      throw frameFault('the utterance of a frame is too long for a remote link', {
        expected: 'at most 65,535 bytes of JSON',
        received: bytes.length,
      });
    lastUtterance = utterance;
    lastUtteranceBytes = bytes;
  }
  return lastUtteranceBytes;
}
