import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { RemoteTracks } from './remote-tracks.ts';
import type { EngineVideoOutput, Transceiver, Wrtc } from './wrtc.ts';

/** The far side sends a microphone whose sound lies 40 ms in the jitter buffer, and a camera. */
function call() {
  const clock = new VirtualClock();
  let eyes: EngineVideoOutput | undefined;
  class RTCVideoSink {
    onframe: EngineVideoOutput['onframe'] = null;
    stop = () => {};
    constructor() {
      eyes = this as EngineVideoOutput;
    }
  }
  class RTCAudioSink {
    ondata = null;
    stop = () => {};
  }
  const wrtc = { nonstandard: { RTCVideoSink, RTCAudioSink } } as unknown as Wrtc;
  let asked = 0;
  const came: number[] = [];
  const inbound = (mid: string, more: object) => [mid, { type: 'inbound-rtp', mid, ...more }] as const;
  const tracks = new RemoteTracks(
    { wrtc, clock, reusePictures: false },
    {
      audio: () => {},
      video: () => came.push(clock.now()),
      track: () => {},
      packets: () => {},
      report: async () => {
        asked++;
        const seconds = clock.now() / 1000;
        return new Map<string, Record<string, unknown>>([
          ['codec', { mimeType: 'video/VP8' }],
          inbound('0', { jitterBufferDelay: 0.04 * seconds * 48_000, jitterBufferEmittedCount: seconds * 48_000 }),
          inbound('1', { kind: 'video', codecId: 'codec', totalProcessingDelay: 0, framesDecoded: seconds * 25 }),
        ]);
      },
    },
  );
  const transceiver = (mid: string, kind: string) =>
    ({ mid, receiver: { track: { kind }, getSynchronizationSources: () => [] } }) as unknown as Transceiver;
  const described = [
    { mid: '0', name: 'them/microphone' },
    { mid: '1', name: 'them/camera' },
  ];
  tracks.set(described, [transceiver('0', 'audio'), transceiver('1', 'video')]);
  tracks.receive('them/camera', true);
  /** Pictures every 40 ms; returns how long the last one waited. */
  const watch = async (seconds: number) => {
    for (let n = 0; n < seconds * 25; n++) {
      const at = clock.now();
      eyes?.onframe?.({ frame: { width: 2, height: 2, data: new Uint8Array(6), rotation: 0 } });
      await clock.advance(40);
      await clock.advance(0);
      if (n === seconds * 25 - 1) await clock.advance(60);
      if (n === seconds * 25 - 1) return came.at(-1)! - at;
    }
    return undefined;
  };
  return { tracks, watch, asked: () => asked };
}

test('pictures wait for their sound while that is received, and no more when it is not', async () => {
  const { tracks, watch } = call();
  expect(await watch(3)).toBe(0);
  tracks.receive('them/microphone', true);
  expect(await watch(8)).toBeCloseTo(45, 0);
  tracks.receive('them/microphone', false);
  expect(await watch(8)).toBe(0);
  tracks.close();
});

test('statistics are asked for once a second while both are received, and hardly while one is', async () => {
  const { tracks, watch, asked } = call();
  await watch(10);
  const alone = asked();
  await watch(20);
  expect(asked() - alone).toBeLessThanOrEqual(5);
  tracks.receive('them/microphone', true);
  const before = asked();
  await watch(20);
  expect(asked() - before).toBeGreaterThanOrEqual(18);
  expect(asked() - before).toBeLessThanOrEqual(27);
  tracks.close();
});
