import { setTimeout as wait } from 'node:timers/promises';
import { realClock } from '@sluice/core';
import { CallClient, CustomAudioSource, CustomAudioTrack, Daily, startRoomServer } from '@sluice/transport';
import {
  type ImpairedPath,
  impair,
  PROBE_FRAME_MS,
  ProbeListener,
  type ProbeReport,
  probeSamples,
  writePaced,
} from '@sluice/transport/testing';

const sampleRate = 48_000;
/** Frames before the fault: the call settles. */
const CALM_FRAMES = 100;
/** Longer than anything is under way, in milliseconds. */
const AFTER_MS = 800;

export interface Heard {
  /** Of the frames that were said since the fault began. */
  readonly report: ProbeReport;
  /** Sound that the receiver invented meanwhile, in milliseconds. */
  readonly concealedMs: number;
  /** Between writing and hearing: with the fault, and before it. */
  readonly addedDelayMs: number;
  /** What the receiver was told of the network, and when, on the clock of `startedMs`. */
  readonly events: readonly { readonly what: string; readonly atMs: number }[];
  /** When the fault began. */
  readonly startedMs: number;
}

export interface ProbedCall {
  readonly path: ImpairedPath;
  readonly speaker: CallClient;
  readonly hearer: CallClient;
  /** Says coded frames for so long; `fault` begins after the first two seconds, which do not count. */
  say(ms: number, fault?: (path: ImpairedPath) => unknown): Promise<Heard>;
}

/** A call of two over an impaired path, whose speaker says a signal in which every 20 ms carry their number. */
export async function withProbedCall(test: (call: ProbedCall) => Promise<void>): Promise<void> {
  Daily.init();
  const server = await startRoomServer();
  try {
    await using speaker = new CallClient();
    await using hearer = new CallClient();
    using path = await impair(speaker, { seed: 3 });
    const source = new CustomAudioSource(sampleRate, 1, { autoSilence: true });
    await speaker.join(server.roomUrl('faults'));
    await speaker.addCustomAudioTrack('probe', new CustomAudioTrack(source));
    let listener = new ProbeListener();
    hearer.setAudioRenderer(
      speaker.participants().local.id,
      (_, frame) => {
        listener.push(frame.samples, frame, realClock.now());
        frame.close();
      },
      { audioSource: 'probe', sampleRate, callbackIntervalMs: 10 },
    );
    const events: { what: string; atMs: number }[] = [];
    hearer.on('network-connection', ({ kind, state }) => {
      events.push({ what: `${kind} ${state}`, atMs: realClock.now() });
    });
    await hearer.join(server.roomUrl('faults'));
    while (listener.heardMs < 200) await wait(20);

    const concealed = async () => (await hearer.getNetworkStats()).concealedMs;
    const say: ProbedCall['say'] = async (ms, fault = () => {}) => {
      // What was said before is under way for a moment, and has numbers as well.
      await wait(AFTER_MS);
      events.length = 0;
      listener = new ProbeListener();
      const frames = CALM_FRAMES + Math.round(ms / PROBE_FRAME_MS);
      let slices = 0;
      let startedMs = 0;
      let before: Promise<number> | undefined;
      let broken: unknown;
      const write = (slice: Int16Array) => {
        if (slices++ === 2 * CALM_FRAMES) {
          before = concealed();
          startedMs = realClock.now();
          broken = fault(path);
        }
        source.write(slice);
      };
      const written = await writePaced(write, probeSamples(frames, { sampleRate }), sampleRate);
      await broken;
      const end = realClock.now() + 10_000;
      while ((listener.arrivals.at(-1)?.index ?? 0) < frames - 5 && realClock.now() < end) await wait(20);
      const emittedAt = (index: number) => written[2 * index];
      const delay = (first: number, last: number) =>
        listener.report({ emittedAt, expected: { first, end: last } }).delay?.median ?? Number.NaN;
      return {
        report: listener.report({ emittedAt, expected: { first: CALM_FRAMES, end: frames - 5 } }),
        concealedMs: (await concealed()) - (await before!),
        addedDelayMs: delay(CALM_FRAMES, frames - 5) - delay(CALM_FRAMES / 2, CALM_FRAMES),
        events: [...events],
        startedMs,
      };
    };
    await test({ path, speaker, hearer, say });
    await speaker.leave();
    await hearer.leave();
  } finally {
    await server.close();
    await Daily.deinit();
  }
}
