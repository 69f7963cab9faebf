import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AudioFrame, graph, micros, pushSource, sleep } from '@sluice/core';
import {
  type RunningSession,
  recordSession,
  replaySession,
  type SessionEnv,
  unrecordedEnv,
} from '@sluice/core/session';
import { VirtualClock } from '@sluice/core/testing';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { voiceAgent } from '@sluice/nodes';
import { toMicrophone } from '@sluice/transport';
import { virtualDevices } from '@sluice/transport/testing';
import type { BenchOptions, Report } from '../measuring/report.ts';

const sampleRate = 16_000;
const FRAME_MS = 20;
/** Somebody asks every eight seconds, and interrupts every third answer. In milliseconds. */
const ROUND_MS = 24_000;
const speech = [
  [500, 1_500],
  [8_500, 9_500],
  [16_500, 17_500],
  [19_500, 20_000],
] as const;

/** An hour of agent talk in virtual time: recorded beside not recorded, and replayed. */
export async function agentSessions(report: Report, { quick }: BenchOptions): Promise<void> {
  const minutes = quick ? 2 : 60;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  const file = join(folder, 'talk.sluice');
  try {
    // Once for whatever is compiled on the way.
    await plainTalk(1);
    const plainMs = await plainTalk(minutes);
    const { cpuMs, events } = await recordedTalk(file, minutes);
    const { size } = await stat(file);
    const { differences, complete, realMs, mediaMs } = await replaySession(file, {
      program: program(undefined as never),
    });
    if (!complete && differences.length === 0) throw new Error('the session was not replayed to its end');
    const peer = { name: 'not recorded', value: plainMs / minutes };
    report(`CPU of a minute of agent talk, recorded, of ${minutes}`, cpuMs / minutes, 'ms', peer, 'lower');
    report('CPU that a recording adds to an event', ((cpuMs - plainMs) * 1_000) / events, 'us', undefined, 'lower');
    report('a recorded minute with sound and words', size / minutes / 1_024, 'KiB', undefined, 'lower');
    report(`${minutes} replayed minutes: times real time`, mediaMs / realMs, 'x');
    report(`${minutes} replayed minutes: what differs in any byte`, differences.length, 'outputs', undefined, 'lower');
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function plainTalk(minutes: number): Promise<number> {
  const clock = new VirtualClock();
  const bot = program(clock)(unrecordedEnv({ clock }));
  await bot.start();
  const cpuMs = await cpuOf(() => talk(clock, minutes));
  bot.abort();
  await bot.finished.catch(() => {});
  return cpuMs;
}

async function recordedTalk(
  file: string,
  minutes: number,
): Promise<{ readonly cpuMs: number; readonly events: number }> {
  const clock = new VirtualClock();
  const session: RunningSession = await recordSession({
    file,
    program: program(clock),
    clock,
    sound: true,
    text: true,
  });
  const cpuMs = await cpuOf(() => talk(clock, minutes));
  const { events } = session;
  const closing = session.close({ abort: true });
  await clock.advance(1_000);
  await closing;
  return { cpuMs, events };
}

const talk = (clock: VirtualClock, minutes: number) => clock.run({ until: sleep(clock, minutes * 60_000) });

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** An agent whose models are outside, as those of services are. */
function program(clock: VirtualClock) {
  return (env: SessionEnv) => {
    const bot = graph('agent', { clock: env.clock, random: env.random });
    voiceAgent(bot, {
      hears: bot.from(env.source('person', () => person(clock))),
      speaks: env.sink('voice', () => {
        const devices = virtualDevices({ clock, keep: false });
        return toMicrophone(devices.createMicrophoneDevice('voice', { sampleRate, channels: 1 }));
      }),
      detector: fakeVoiceDetector(),
      recognizer: env.model('recognizer', () => fakeRecognizer({ texts: (index) => `question number ${index}` })),
      model: env.model('mind', () =>
        fakeLanguageModel({
          firstTokenMs: 200,
          reply: () => 'I have an answer to that. It is as long as answers are.',
        }),
      ),
      synthesizer: env.model('synthesizer', () => fakeSynthesizer()),
    });
    return bot;
  };
}

function person(clock: VirtualClock) {
  return pushSource<AudioFrame>(
    { name: 'person', live: true, format: { kind: 'audio', sampleRate, channels: 1 } },
    (destination) => {
      const length = (sampleRate * FRAME_MS) / 1_000;
      const loud = Int16Array.from({ length }, (_, index) => 8_000 * Math.sin(index / 6));
      const start = clock.now();
      let index = 0;
      let cancel = () => {};
      const tick = () => {
        const atMs = index * FRAME_MS;
        const speaks = speech.some(([from, to]) => atMs % ROUND_MS >= from && atMs % ROUND_MS < to);
        const samples = speaks ? loud.slice() : new Int16Array(length);
        index++;
        // Before the frame goes out: who has enough of it cancels this one too.
        cancel = clock.at(start + (index + 1) * FRAME_MS, tick);
        destination.next(new AudioFrame({ samples, sampleRate, channels: 1, timestamp: micros(atMs * 1_000) }));
      };
      cancel = clock.at(start + FRAME_MS, tick);
      return () => cancel();
    },
  );
}
