import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createSink, graph, inWorker, mapAsync, playoutSink, syncGroup, VideoFramePool } from './index.ts';
import { AudioConverter, createRemixer, Resampler, SeamlessConverter } from './kernels/index.ts';
import * as kit from './testing/index.ts';

type Call = (options: never) => unknown;
const samples = new Int16Array(64);
const tone = { sampleRate: 8_000, frequency: 440 };
const rates = { inputRate: 48_000, outputRate: 16_000, channels: 1 };
const stereo = { sampleRate: 48_000, channels: 2 };
const mono = { sampleRate: 48_000, channels: 1 };
const picture = { width: 1, height: 1, format: 'RGB', data: new Uint8Array(3) } as const;
const sink = () => createSink({ name: 's', open: () => ({ write() {}, end() {} }), plays: true });
const rejected = (promise: () => Promise<unknown>) => promise();

/** Each call that takes options, with a key that nobody declared beside valid ones, and what was meant. */
const calls: Record<string, readonly [call: Call, options: object, wrong: string, meant: string]> = {
  graph: [(o) => graph('g', o), {}, 'dead_lines', 'deadlines'],
  'graph deadlines': [(o) => graph('g', { deadlines: o }), {}, 'setup', 'setupMs'],
  'graph.run': [(o) => rejected(() => graph('g').run(o)), {}, 'singal', 'signal'],
  'graph.interrupt': [(o) => rejected(() => graph('g').interrupt(o)), {}, 'fade', 'fadeMs'],
  'graph.from': [(o) => graph('g').from(NEVER, o), {}, 'onErr', 'onError'],
  'graph.group': [(o) => graph('g').group('x', () => {}, o), {}, 'onErrors', 'onError'],
  'flow.with': [(o) => graph('g').from(NEVER).with(o), {}, 'nam', 'name'],
  'link options': [(o) => graph('g').from(NEVER).with({ link: o }).to(sink()), {}, 'polcy', 'policy'],
  'link capacity': [
    (o) =>
      graph('g')
        .from(NEVER)
        .with({ link: { capacity: o } })
        .to(sink()),
    { frames: 1 },
    'm_s',
    'ms',
  ],
  restart: [(o) => graph('g').from(NEVER, { onError: 'restart', restart: o }), {}, 'backoff', 'backoffMs'],
  createSink: [(o) => createSink(o), { name: 's', open: () => ({ write() {}, end() {} }) }, 'accept', 'accepts'],
  playoutSink: [(o) => playoutSink(o), { name: 'p', device: mono }, 'problem', 'problems'],
  mapAsync: [(o) => mapAsync(async (frame: never) => frame, o), {}, 'maxinflight', 'maxInFlight'],
  inWorker: [(o) => inWorker(o), { module: new URL('file:///a.js') }, 'export_name', 'exportName'],
  syncGroup: [(o) => syncGroup(o), {}, 'startDelay', 'startDelayMs'],
  'syncGroup.follow': [(o) => syncGroup().follow(sink(), o), {}, 'offset', 'offsetMs'],
  VideoFramePool: [(o) => new VideoFramePool(o), {}, 'maxidlebites', 'maxIdleBytes'],
  SeamlessConverter: [(o) => new SeamlessConverter(mono, o), {}, 'qualty', 'quality'],
  AudioConverter: [(o) => new AudioConverter(stereo, mono, o), {}, 'qualty', 'quality'],
  Resampler: [(o) => new Resampler(o), rates, 'chanels', 'channels'],
  createRemixer: [(o) => createRemixer(o), { from: 2, to: 1 }, 'matrx', 'matrix'],
  ActorDouble: [(o) => new kit.ActorDouble(o), {}, 'rom', 'room'],
  'ActorDouble.interrupt': [(o) => new kit.ActorDouble().interrupt(o), {}, 'fade', 'fadeMs'],
  'VirtualClock.run': [(o) => rejected(() => new kit.VirtualClock().run(o)), {}, 'limit', 'limitMs'],
  align: [(o) => kit.align(samples, samples, o), {}, 'max_lag', 'maxLag'],
  expectNoGaps: [(o) => kit.expectNoGaps(samples, o), { sampleRate: 8_000 }, 'maxGap', 'maxGapMs'],
  expectPsnr: [(o) => kit.expectPsnr(picture, picture, o), { minDb: 1 }, 'minPlane', 'minPlaneDb'],
  expectSilence: [(o) => kit.expectSilence(samples, o), {}, 'maxDb', 'maxDbfs'],
  expectSnr: [(o) => kit.expectSnr(samples, samples, o), { minDb: 1 }, 'minoverlp', 'minOverlap'],
  expectTone: [(o) => kit.expectTone(samples, o), tone, 'minSNr', 'minSnr'],
  findGaps: [(o) => kit.findGaps(samples, o), { sampleRate: 8_000 }, 'min', 'minMs'],
  harness: [(o) => kit.harness((source) => source, o), {}, 'chanels', 'channels'],
  measureTone: [(o) => kit.measureTone(samples, 8_000, 440, o), {}, 'search', 'searchHz'],
  probeSink: [(o) => kit.probeSink(o), {}, 'manul', 'manual'],
  snr: [(o) => kit.snr(samples, samples, o), {}, 'max_lag', 'maxLag'],
  testNoise: [(o) => kit.testNoise(o), { length: 8, amplitude: 0.5 }, 'sed', 'seed'],
  testTone: [(o) => kit.testTone(o), { ...tone, durationMs: 20 }, 'phaze', 'phase'],
  toneContinuity: [(o) => kit.toneContinuity(samples, o), tone, 'minPhase', 'minPhaseStep'],
  trackFrames: [(o) => kit.trackFrames(o), {}, 'stack', 'stacks'],
  'faults.burst': [(o) => kit.faults.burst(o), { frames: 2 }, 'frame', 'frames'],
  'faults.delayJitter': [(o) => kit.faults.delayJitter(o), { maxMs: 2 }, 'reoder', 'reorder'],
  'faults.drop': [(o) => kit.faults.drop(o), { every: 2 }, 'evry', 'every'],
  'faults.neverResolve': [(o) => kit.faults.neverResolve(o), {}, 'a_t', 'at'],
  'faults.stall': [(o) => kit.faults.stall(o), { ms: 5 }, 'evry', 'every'],
  'faults.throwAt': [(o) => kit.faults.throwAt(1, o), {}, 'eror', 'error'],
};

describe('unknown options', () => {
  it.each(Object.entries(calls))(
    '%s refuses them and names the nearest',
    async (_name, [call, options, wrong, meant]) => {
      const refused = expect.objectContaining({
        code: 'SLUICE_INVALID_ARGUMENT',
        message: expect.stringContaining(`did you mean ${meant}?`),
      });
      await expect(async () => call({ ...options, [wrong]: undefined } as never)).rejects.toThrow(refused);
    },
  );
});
