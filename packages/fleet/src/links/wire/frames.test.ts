import {
  type AudioFrame,
  audioFrame,
  type Frame,
  gapReasons,
  micros,
  SampleMemory,
  type VideoFrame,
  videoFrame,
} from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame, type FrameStamp } from './encode-frame.ts';
import { FrameHeader } from './frame-header.ts';
import { At, HEADER_BYTES } from './layout.ts';
import { OutgoingMemory } from './outgoing-memory.ts';

const memory = new OutgoingMemory();
const samples = new SampleMemory();
const stamp: FrameStamp = { session: 7, sequence: 3, epoch: 1, voids: 2, gap: undefined };
const sound = () =>
  audioFrame({ samples: new Int16Array([1, -2, 3, -4]), sampleRate: 8_000, channels: 2, timestamp: micros(5) });
const encode = (frame: Frame, change: Partial<FrameStamp> = {}) =>
  encodeFrame(frame, { ...stamp, ...change }, memory, 1 << 20);

function decode(message: Uint8Array): { frame: Frame; header: FrameHeader } {
  const header = new FrameHeader();
  header.read(message);
  return { frame: decodeFrame(message, header, samples), header };
}

const utterance = fc.option(fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 })), { nil: undefined });
const gap = fc.option(fc.record({ duration: fc.nat().map(micros), reason: fc.constantFrom(...gapReasons) }), {
  nil: undefined,
});
const number = fc.maxSafeNat();
const stamps = fc.record({ session: fc.nat(), sequence: number, epoch: fc.nat(), voids: fc.nat(), gap });

describe('a frame that crosses', () => {
  it('is the same sound, whatever it is', () => {
    const sounds = fc.record({
      channels: fc.integer({ min: 1, max: 8 }),
      sampleRate: fc.integer({ min: 1_000, max: 768_000 }),
      timestamp: fc.integer({ min: -1e9, max: 1e12 }).map(micros),
      utterance,
      values: fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 40 }),
    });
    fc.assert(
      fc.property(sounds, stamps, ({ values, channels, ...rest }, stamped) => {
        const whole = Int16Array.from(values.slice(0, values.length - (values.length % channels)));
        const message = encode(audioFrame({ ...rest, channels, samples: whole }), stamped);
        const { frame, header } = decode(message);
        expect(frame as AudioFrame).toMatchObject({ ...rest, channels, samples: whole, gap: stamped.gap });
        expect(header).toMatchObject({ session: stamped.session, sequence: stamped.sequence });
        expect([header.epoch, header.voids]).toEqual([stamped.epoch, stamped.voids]);
      }),
    );
  });

  it('is the same picture', () => {
    const timestamp = micros(40_000);
    const data = Uint8Array.from({ length: 10 }, (_, index) => index * 3);
    const picture = videoFrame({
      data,
      width: 3,
      height: 2,
      format: 'I420',
      colorSpace: 'bt709-full',
      timestamp,
      duration: micros(1),
    });
    const { frame } = decode(encode(picture));
    const rest = frame as VideoFrame;
    const received = rest.data;
    expect(received).toEqual(data);
    expect(rest).toMatchObject({
      width: 3,
      height: 2,
      format: 'I420',
      colorSpace: 'bt709-full',
      timestamp,
      duration: 1,
    });
    frame.close?.();
    picture.close();
  });

  it('is the same data, with arrays in it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (json) => {
        const value: unknown = JSON.parse(JSON.stringify(json));
        const { frame } = decode(
          encode({ kind: 'note', timestamp: micros(1), value, heat: new Float32Array([0.5, 2]) } as Frame),
        );
        expect(frame).toEqual({ kind: 'note', timestamp: 1, value, heat: new Float32Array([0.5, 2]) });
      }),
      { numRuns: 30, examples: [[JSON.parse('[{"__proto__":null,"$":"array"}]')]] },
    );
    expect(decode(encode({ kind: 'x', timestamp: micros(1), duration: micros(9) })).frame.duration).toBe(9);
  });

  it('has memory of its own', () => {
    const message = encode(sound()).slice();
    const { frame } = decode(message);
    message.fill(0);
    expect([...(frame as AudioFrame).samples]).toEqual([1, -2, 3, -4]);
  });
});

describe('what is no frame is SLUICE_REMOTE_FRAME', () => {
  const fault = expect.objectContaining({ code: 'SLUICE_REMOTE_FRAME' });
  const changed = (change: (view: DataView) => void, cut = 0) => {
    const bytes = encode(sound()).slice();
    change(new DataView(bytes.buffer));
    return bytes.slice(0, bytes.length - cut);
  };
  const kind = (number: number, change: (view: DataView) => void = () => {}) =>
    changed((view) => {
      view.setUint8(At.kind, number);
      change(view);
    });
  const words = (view: DataView) => {
    view.setUint16(At.utterance, 4, true);
    view.setUint32(At.payload, 4, true);
  };
  const endless = (view: DataView) => {
    view.setUint8(At.gapReason, 1);
    view.setFloat64(At.gap, Number.POSITIVE_INFINITY, true);
  };
  it.each<[string, () => Uint8Array]>([
    ['cut in its header', () => encode(sound()).slice(0, HEADER_BYTES - 1)],
    ['cut in its samples', () => changed(() => {}, 1)],
    ['of an unknown kind', () => kind(9)],
    ['without channels', () => changed((view) => view.setUint8(At.format, 0))],
    ['of too high a rate', () => changed((view) => view.setUint32(At.rateOrWidth, 1e9, true))],
    ['at no time', () => changed((view) => view.setFloat64(At.timestamp, Number.NaN, true))],
    ['of no number', () => changed((view) => view.setUint32(At.sequence + 4, 0xffff_ffff, true))],
    ['behind a gap for no reason', () => changed((view) => view.setUint8(At.gapReason, 99))],
    ['behind a gap without end', () => changed(endless)],
    ['of no duration', () => changed((view) => view.setFloat64(At.duration, -1, true))],
    ['of half a sample', () => changed((view) => view.setUint32(At.payload, 7, true), 1)],
    ['of an utterance that is no text', () => changed(words)],
    ['a picture of no colour', () => kind(2, (view) => view.setUint8(At.format, 77))],
    ['a picture of no size', () => kind(2, (view) => view.setUint32(At.rateOrWidth, 0, true))],
    ['fields beyond its end', () => kind(3, (view) => view.setUint32(At.rateOrWidth, 99, true))],
    ['fields of no kind', () => kind(3)],
  ])('%s', (_, make) => {
    expect(() => decode(make())).toThrow(fault);
  });

  it('too large, or with something in it that stays here', () => {
    expect(() => encodeFrame(sound(), stamp, memory, 70)).toThrow(fault);
    expect(() => encode({ kind: 'x', timestamp: micros(0), call: () => 1 } as Frame)).toThrow(fault);
    expect(() => encode(sound().derive({ utterance: 'u'.repeat(70_000) }))).toThrow(fault);
  });

  it.each<[string, object]>([
    ['at no time', { timestamp: Number.NaN }],
    ['of a time without end', { duration: Number.POSITIVE_INFINITY }],
    ['of less than no time', { duration: -5 }],
    ['behind a gap of no length', { gap: { duration: Number.NaN, reason: 'source' } }],
  ])('%s, before it is sent', (_, change) => {
    const frame = { kind: 'x', timestamp: micros(0), ...change } as Frame;
    expect(() => encode(frame, { gap: frame.gap })).toThrow(fault);
  });

  it('cut anywhere', () => {
    const message = encode(sound().derive({ utterance: 'a' })).slice();
    for (let length = 0; length < message.length; length++)
      expect(() => decode(message.slice(0, length)), `${length} bytes`).toThrow(fault);
  });
});
