import { AudioFrame, micros, videoFrame } from '@sluice/core';
import { expectTone, testTone } from '@sluice/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { decodePacket, type MediaPacket } from '../protocol/media-packet.ts';
import { PeakPackets } from './peak-packets.ts';
import { PicturePackets } from './picture-packets.ts';
import { SoundPackets } from './sound-packets.ts';
import { wavBytes } from './wav-bytes.ts';

/** What was sent, taken apart. */
function sent() {
  const packets: MediaPacket[] = [];
  return { packets, send: (bytes: Uint8Array) => void packets.push(decodePacket(bytes.buffer as ArrayBuffer)!) };
}

const samplesOf = ({ payload }: MediaPacket) =>
  new Int16Array(payload.buffer as ArrayBuffer, payload.byteOffset, payload.length / 2);

/** 20 ms of sound from a whole tone, at 16 kHz. */
function frames(count: number, change: (index: number) => object = () => ({})): AudioFrame[] {
  const tone = testTone({ frequency: 440, sampleRate: 16_000, durationMs: count * 20 });
  return Array.from({ length: count }, (_, index) => {
    const samples = tone.slice(index * 320, index * 320 + 320);
    const timestamp = micros(index * 20_000);
    return new AudioFrame({ samples, sampleRate: 16_000, channels: 1, timestamp, epoch: 1, ...change(index) });
  });
}

describe('sound in packets', () => {
  it('is the same sound, to the sample, with the time of each first sample', () => {
    const { packets, send } = sent();
    const sound = new SoundPackets(7, send);
    for (const frame of frames(13)) sound.push(frame);
    sound.flush();
    expect(packets.map(({ timestamp, payload }) => [timestamp, payload.length / 32])).toEqual([
      [0, 50],
      [50_000, 50],
      [100_000, 50],
      [150_000, 50],
      [200_000, 50],
      [250_000, 10],
    ]);
    const whole = Int16Array.from(packets.flatMap((packet) => [...samplesOf(packet)]));
    expectTone(whole, { sampleRate: 16_000, frequency: 440, minSnr: 60, continuous: true });
  });

  it('begins anew after a gap, an interruption and a jump, and says so', () => {
    const { packets, send } = sent();
    const sound = new SoundPackets(7, send);
    const changes: Record<number, object> = {
      2: { gap: { duration: micros(40_000), reason: 'overflow' }, timestamp: micros(80_000) },
      3: { timestamp: micros(100_000) },
      4: { timestamp: micros(120_000), epoch: 2 },
      5: { timestamp: micros(500_000), epoch: 2 },
    };
    for (const frame of frames(6, (index) => changes[index] ?? {})) sound.push(frame);
    sound.flush();
    expect(packets.map(({ timestamp, epoch, gap, payload }) => [timestamp, epoch, gap, payload.length / 32])).toEqual([
      [0, 1, 0, 40],
      [80_000, 1, 40_000, 40],
      [120_000, 2, 0, 20],
      [500_000, 2, 0, 20],
    ]);
  });
});

it('tells the envelope as a hundred pairs a second', () => {
  const { packets, send } = sent();
  const peaks = new PeakPackets(1, send);
  for (const frame of frames(10)) peaks.push(frame);
  peaks.flush();
  expect(packets.map(({ rate, timestamp }) => [rate, timestamp])).toEqual([
    [100, 0],
    [100, 100_000],
  ]);
  const loudest = Math.max(...testTone({ frequency: 440, sampleRate: 16_000, durationMs: 200 }));
  for (const packet of packets) {
    const pairs = samplesOf(packet);
    expect(pairs).toHaveLength(20);
    for (let pair = 0; pair < 10; pair++) {
      expect(pairs[2 * pair + 1]! / loudest).toBeCloseTo(1, 1);
      expect(pairs[2 * pair]! / loudest).toBeCloseTo(-1, 1);
    }
  }
});

it('makes pictures small and RGBA, and no more than two a second', () => {
  const { packets, send } = sent();
  const pictures = new PicturePackets(1, send, 320);
  const data = new Uint8Array(640 * 360 * 3);
  // Lines of one pixel, which are grey where two come together.
  for (let at = 0; at < data.length; at += 3) data.set(at % 2 === 0 ? [200, 100, 50] : [100, 50, 200], at);
  for (let index = 0; index < 5; index++)
    pictures.push(videoFrame({ width: 640, height: 360, format: 'RGB', data: data.slice(), timestamp: micros(index) }));
  expect(packets).toHaveLength(1);
  const [{ rate, payload }] = packets as [MediaPacket];
  expect([rate, payload.length]).toEqual([320, 320 * 180 * 4]);
  expect([...payload.subarray(0, 4)]).toEqual([150, 75, 125, 255]);
  const luma = videoFrame({
    width: 5,
    height: 3,
    format: 'I420',
    data: new Uint8Array(15 + 12).fill(128),
    timestamp: micros(0),
  });
  new PicturePackets(1, send, 320).push(luma);
  expect(packets[1]).toMatchObject({ rate: 5, payload: expect.objectContaining({ length: 60 }) });
});

it('sends a picture that stays the same again after five seconds only, and another at once', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const { packets, send } = sent();
    const pictures = new PicturePackets(1, send, 160);
    const show = (grey: number, passedMs: number) => {
      vi.advanceTimersByTime(passedMs);
      const data = new Uint8Array(160 * 90 * 3).fill(grey);
      pictures.push(videoFrame({ width: 160, height: 90, format: 'RGB', data, timestamp: micros(0) }));
      return packets.length;
    };
    expect([show(80, 0), show(80, 600), show(80, 600), show(90, 600), show(90, 4_500), show(90, 500)]).toEqual([
      1, 1, 1, 2, 2, 3,
    ]);
  } finally {
    vi.useRealTimers();
  }
});

it('writes WAV that says what it holds', () => {
  const bytes = wavBytes(Int16Array.of(1, -2, 3, -4), 8_000, 2);
  const view = new DataView(bytes.buffer);
  expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('RIFF');
  expect([view.getUint32(4, true), view.getUint16(22, true), view.getUint32(24, true)]).toEqual([44, 2, 8_000]);
  expect([view.getUint32(28, true), view.getUint32(40, true), view.getInt16(46, true)]).toEqual([32_000, 8, -2]);
});
