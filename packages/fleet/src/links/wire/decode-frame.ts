import {
  type AudioFrame,
  audioFrame,
  checkPictureBytes,
  checkVideoFormat,
  colorFormats,
  colorSpaces,
  type Frame,
  type SampleMemory,
  type Utterance,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { unpackFields } from './data-fields.ts';
import { frameFault } from './frame-fault.ts';
import type { FrameHeader } from './frame-header.ts';
import { HEADER_BYTES, MessageKind } from './layout.ts';

const text = new TextDecoder('utf-8', { fatal: true });

/**
 * The frame of a message whose header was read, in memory of its own; the message may be written over afterwards.
 *
 * @param memory Where samples are kept; what is closed comes back to it.
 * @throws SLUICE_REMOTE_FRAME for what no frame can be
 */
export function decodeFrame(message: Uint8Array, header: FrameHeader, memory: SampleMemory): Frame {
  const utterance = header.utterance === 0 ? undefined : utteranceOf(message, header.utterance);
  const start = HEADER_BYTES + header.utterance;
  switch (header.kind) {
    case MessageKind.audio:
      return decodeAudio(message, start, header, utterance, memory);
    case MessageKind.video:
      return decodeVideo(message, start, header, utterance);
    case MessageKind.data:
      return decodeData(message, start, header, utterance);
    default:
      throw frameFault('a remote frame is of a kind that is not known', { received: header.kind });
  }
}

function decodeAudio(
  message: Uint8Array,
  start: number,
  header: FrameHeader,
  utterance: Utterance | undefined,
  memory: SampleMemory,
): AudioFrame {
  const { payload, timestamp, gap, rateOrWidth: sampleRate, format: channels } = header;
  if (payload % 2 !== 0)
    throw frameFault('a remote frame of sound has half a sample', { received: `${payload} bytes` });
  const samples = memory.take(payload / 2);
  new Uint8Array(samples.buffer, samples.byteOffset, payload).set(message.subarray(start, start + payload));
  const channelMask = header.maskOrHeight === 0 ? undefined : header.maskOrHeight;
  try {
    return audioFrame({
      samples,
      sampleRate,
      channels,
      channelMask,
      timestamp,
      gap,
      utterance,
      release: memory.release,
    });
  } catch (cause) {
    throw frameFault('a remote frame of sound has a format that none can have', { cause });
  }
}

function decodeVideo(
  message: Uint8Array,
  start: number,
  header: FrameHeader,
  utterance: Utterance | undefined,
): VideoFrame {
  const { payload, timestamp, gap, duration, rateOrWidth: width, maskOrHeight: height } = header;
  const format = colorFormats[header.format];
  const colorSpace = colorSpaces[header.colorSpace];
  if (format === undefined || colorSpace === undefined)
    throw frameFault('a remote picture has colours that are not known', {
      received: `format ${header.format}, space ${header.colorSpace}`,
    });
  const picture = { width, height, format, colorSpace, timestamp, duration, gap, utterance } as const;
  try {
    checkVideoFormat(picture);
    checkPictureBytes(picture, payload);
  } catch (cause) {
    throw frameFault('a remote picture has a size that none can have', { cause });
  }
  const frame = videoFramePool.frame(picture as Parameters<typeof videoFramePool.frame>[0]);
  frame.data.set(message.subarray(start));
  return frame;
}

function decodeData(message: Uint8Array, start: number, header: FrameHeader, utterance: Utterance | undefined): Frame {
  const { payload, timestamp, gap, duration, rateOrWidth: json } = header;
  if (json > payload)
    throw frameFault('the fields of a remote frame are cut off', { received: `${json} of ${payload}` });
  const fields = unpackFields(message.subarray(start, start + json), message.subarray(start + json));
  return {
    ...fields,
    timestamp,
    ...(duration < 0 ? {} : { duration: duration as Frame['timestamp'] }),
    ...(gap === undefined ? {} : { gap }),
    ...(utterance === undefined ? {} : { utterance }),
  };
}

function utteranceOf(message: Uint8Array, length: number): Utterance {
  let value: unknown;
  try {
    value = JSON.parse(text.decode(message.subarray(HEADER_BYTES, HEADER_BYTES + length)));
  } catch (cause) {
    throw frameFault('the utterance of a remote frame is no JSON', { cause });
  }
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw frameFault('the utterance of a remote frame is neither an id nor a list of ids');
}
