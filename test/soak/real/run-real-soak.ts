import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { realClock, sleep } from '@sluice/core';
import { roomRecorder } from '@sluice/recorder';
import { CallClient, startRoomServer } from '@sluice/transport';
import wav from 'node-wav';
import { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';
import { createChildHost } from '../../../packages/transport/src/host/child/child-host.ts';
import { LoopLag } from '../../liveness/real/loop-lag.ts';
import { EngineDeaths } from './engine-deaths.ts';
import type { HeardFacts, HeardGap, HeardProbe } from './heard-probe.ts';
import { HeldMemory, processSample, slope } from './process-meter.ts';
import { realSoakPlan } from './real-soak-plan.ts';
import { recordedProbes } from './recorded-probe.ts';
import { SoakRooms } from './soak-rooms.ts';

export interface RealSoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Rooms of two. */
  readonly rooms: number;
  readonly onSample?: (sample: SoakSample) => void;
  readonly onGap?: (kind: 'lost' | 'misread', gap: UnplannedGap) => void;
  /** Where the sound around gaps goes, as WAV, for which the plan has no reason. */
  readonly soundsIn?: string;
}

/** What is measured every ten seconds. */
export interface SoakSample {
  readonly minute: number;
  /** Bots, recorder and server; then all engines together. */
  readonly rssMb: number;
  readonly enginesMb: number;
  /** What bots, recorder and server hold, as their heap was last collected; NaN before. */
  readonly heldMb: number;
  /** The engine that nobody kills. */
  readonly oldestMb: number;
  readonly oldestDescriptors: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly loopP99Ms: number;
  /** The slowest answer of an engine to a question since the last sample. */
  readonly slowestAnswerMs: number;
  /** Median of the drift of all stretches that ended since; NaN where none did. */
  readonly driftPpm: number;
  readonly lost: number;
}

/** A gap for which the plan has no reason; `after`: what happened to the room before, and how many milliseconds ago. */
type UnplannedGap = Omit<HeardGap, 'sound'> & {
  readonly bot: number;
  readonly after: ReturnType<SoakRooms['latest']>;
};

const ENGINES = 4;
const SAMPLE_MS = 10_000;
/** Nobody is silent so long without a reason. */
const SILENT_MS = 3_000;
/** A process that came later than this to its timers, or to its ticks, had no time for a call, in milliseconds. */
const LATE_MS = 40;
const RECORDED_MINUTES = 10;
/** What allocators keep grows by ever rarer steps for so long. */
const WARM_MINUTES = 30;
const MOST_SOUNDS = 40;
const MB = 2 ** 20;
const FRAME_MS = 20;

/** Twenty bots in ten rooms, in real time, with everything that happens to them; then what came of it, and what broke. */
export async function runRealSoak({ minutes, seed, rooms: many, onSample, onGap, soundsIn }: RealSoakOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-soak-'));
  const lag = new LoopLag();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const server = await startRoomServer({ tokens: () => ({}) });
  const registries = Array.from(
    { length: ENGINES + 1 },
    () => new DeviceRegistry({ createHost: () => createChildHost() }),
  );
  const engines = registries.slice(0, ENGINES);
  const deaths = new EngineDeaths(registries);
  const rooms = new SoakRooms(server.port, engines, deaths, many);
  const samples: SoakSample[] = [];
  const lost: UnplannedGap[] = [];
  const misread: UnplannedGap[] = [];
  let start = realClock.now();
  const heardSoFar = new Set<HeardFacts>();
  let [strained, planned, slowestAnswerMs, drifted] = [0, 0, 0, 0];
  let lateAt = Number.NEGATIVE_INFINITY;
  const held = new HeldMemory();
  const silent = new WeakSet<HeardProbe>();

  const judge = (bot: number, { sound, ...gap }: HeardGap) => {
    if (gap.planned) return void planned++;
    const late = lag.since(gap.fromMs - 1_000) > LATE_MS || lateAt > gap.fromMs - 1_000;
    if (late && !gap.misread) return void strained++;
    const kind = gap.misread ? 'misread' : 'lost';
    const unplanned = { ...gap, bot, after: rooms.latest(bot, gap.fromMs) };
    (gap.misread ? misread : lost).push(unplanned);
    onGap?.(kind, unplanned);
    if (soundsIn === undefined || sound === undefined || misread.length + lost.length > MOST_SOUNDS) return;
    const name = `${kind}-bot-${bot}-at-${Math.round(realClock.now() - start)}-ms.wav`;
    writeFileSync(
      join(soundsIn, name),
      wav.encode([Float32Array.from(sound, (one) => one / 32_768)], { sampleRate: 16_000, bitDepth: 16 }),
    );
  };
  const look = async () => {
    const asked = realClock.now();
    const stats = await Promise.all(registries.map(({ host }) => host.stats().catch(() => undefined)));
    slowestAnswerMs = Math.max(slowestAnswerMs, realClock.now() - asked);
    if (stats.some((one) => (one?.tickLateness.max ?? 0) > LATE_MS)) lateAt = realClock.now();
    for (const { index, heard } of rooms.bots) {
      if (heard === undefined) continue;
      heardSoFar.add(heard.facts);
      const now = realClock.now();
      if (heard.back && heard.silentMs(now) > SILENT_MS && !silent.has(heard)) {
        silent.add(heard);
        judge(index, {
          fromMs: heard.lastAtMs,
          toMs: now,
          missingMs: now - heard.lastAtMs,
          planned: false,
          misread: false,
        });
      }
      for (const gap of heard.gaps.splice(0)) if (!silent.has(heard) || gap.missingMs < SILENT_MS) judge(index, gap);
    }
  };
  const allDrifts = () => [...heardSoFar].flatMap(({ driftsPpm }) => driftsPpm);
  const measure = (minute: number) => {
    const drifts = allDrifts();
    const mine = processSample(process.pid);
    const theirs = registries.map(({ host }) => processSample(host.pid));
    const sum = (key: 'rssBytes' | 'descriptors' | 'threads') =>
      theirs.reduce((all, one) => all + (one?.[key] ?? 0), 0);
    const sample: SoakSample = {
      minute,
      rssMb: (mine?.rssBytes ?? 0) / MB,
      enginesMb: sum('rssBytes') / MB,
      heldMb: held.bytes / MB,
      oldestMb: (theirs[0]?.rssBytes ?? 0) / MB,
      oldestDescriptors: theirs[0]?.descriptors ?? 0,
      descriptors: (mine?.descriptors ?? 0) + sum('descriptors'),
      threads: (mine?.threads ?? 0) + sum('threads'),
      loopP99Ms: delay.percentile(99) / 1e6,
      slowestAnswerMs,
      driftPpm: median(drifts.slice(drifted)),
      lost: lost.length,
    };
    delay.reset();
    [slowestAnswerMs, drifted] = [0, drifts.length];
    samples.push(sample);
    onSample?.(sample);
  };

  try {
    await rooms.open();
    const recording = await roomRecorder({
      folder,
      sampleRate: 16_000,
      client: () => new CallClient({ devices: registries[ENGINES]! }),
    })({
      entry: { url: server.roomUrl('soak-0'), token: randomUUID(), room: 'soak-0' },
      status: { streamId: 'soak', recordingId: randomUUID(), startedBy: null },
      settings: { layout: { preset: 'audio-only' } },
    });
    start = realClock.now();
    const endMs = minutes * 60_000;
    const plan = realSoakPlan(seed, 3_000, endMs - 8_000);
    const marks = plan.map(({ atMs }) => atMs / 60_000);
    const recordedMs = Math.min(endMs, RECORDED_MINUTES * 60_000);
    let recorded: Promise<void> | undefined;
    for (let nextSample = 0; ; ) {
      const now = realClock.now() - start;
      while (plan[0] !== undefined && plan[0].atMs <= now) rooms.do(plan.shift()!);
      await look();
      if (now >= nextSample) {
        measure(now / 60_000);
        nextSample += SAMPLE_MS;
      }
      if (now >= recordedMs) recorded ??= recording.stop();
      if (now >= endMs) break;
      await sleep(realClock, 250);
    }
    await rooms.idle();
    await look();
    await recorded;
    const botOf = (userName: string) => rooms.bots.find(({ index }) => userName === `bot-${index}`)!;
    const probes = await recordedProbes(folder, {
      seedOf: (userName) => botOf(userName).seed,
      relayed: (userName) => botOf(userName).media !== undefined,
      faults: rooms.recordedFaults,
    });
    for (const { heard } of rooms.bots) heard?.close();
    const drifts = allDrifts();
    const warm = samples.filter(({ minute }) => minute >= Math.min(WARM_MINUTES, minutes / 2));
    const perHour = (key: Exclude<keyof SoakSample, 'minute'>) =>
      slope(warm.map((sample) => [sample.minute / 60, sample[key]]));
    return {
      seed,
      minutes,
      // A program that comes late to its devices all the time lets them run dry: what is heard is later and later.
      busy: median(samples.map(({ loopP99Ms }) => loopP99Ms)) > LATE_MS,
      bots: rooms.bots.length,
      done: rooms.done,
      heardMinutes: ([...heardSoFar].reduce((sum, { frames }) => sum + frames, 0) * FRAME_MS) / 60_000,
      blips: [...heardSoFar].reduce((sum, { blips }) => sum + blips, 0),
      gaps: { planned, strained, misread, lost },
      driftPpm: {
        stretches: drifts.length,
        median: drifts.length === 0 ? 0 : median(drifts),
        most: Math.max(0, ...drifts),
      },
      falseAlarms: deaths.falseAlarms,
      slowestAnswerMs: Math.max(...samples.map((sample) => sample.slowestAnswerMs)),
      perHour: {
        rssMb: perHour('rssMb'),
        heldMb: perHour('heldMb'),
        enginesMb: perHour('enginesMb'),
        oldestMb: perHour('oldestMb'),
        oldestDescriptors: perHour('oldestDescriptors'),
        descriptors: perHour('descriptors'),
        threads: perHour('threads'),
      },
      recorded: probes,
      broken: rooms.broken,
      marks,
      samples,
    };
  } finally {
    await rooms.close();
    await Promise.all(registries.map((devices) => devices.close()));
    await server.close();
    delay.disable();
    held.close();
    lag.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
