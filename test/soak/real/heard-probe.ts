import { type ProbeArrival, ProbeListener } from '@sluice/transport/testing';
import { HEARD_TONES, HeardTones } from './heard-tones.ts';

const FRAME_MS = 20;
/** How long a jitter buffer takes to find its size again. */
const SETTLES_MS = 1_500;
/** How long it may go on to give back what it grew by, in steps of 10 ms: a drift is only seen after that. */
const STEADY_MS = 30_000;
/** Shorter ones are a jitter buffer that plays faster: counted, and nothing that one hears. */
const SHORTEST_LOSS_MS = 60;
/** A jitter buffer that changes its delay moves what comes after by so much, at most. */
const OUT_OF_PLACE_MS = 10;
/** Sound that is louder by this much than usual is distorted. */
const DISTORTED_DB = 3;

export interface HeardGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly missingMs: number;
  /** A fault of the plan was under way. */
  readonly planned: boolean;
  /** The sound was there, in its place; its listener could not tell which frame it was. */
  readonly misread: boolean;
  /** Of each missing frame, where it should lie, its tones that were heard: 3 if all, -1 if there was nothing at all. */
  readonly tones?: readonly number[];
  /** How far what follows lies from where it should, in milliseconds: positive if it came late. */
  readonly outOfPlaceMs?: number;
  /** The last four seconds before its end was noticed. */
  readonly sound?: Int16Array;
}

/** What is remembered of one who was heard. */
export interface HeardFacts {
  frames: number;
  /** Frames that a jitter buffer left out, one or two at a time. */
  blips: number;
  /** Of stretches of a minute and more in which no fault was for half a minute, in parts per million. */
  readonly driftsPpm: number[];
}

/** What one bot hears of the other, in bounded memory: gaps, and how the delay moves between faults. */
export class HeardProbe {
  readonly gaps: HeardGap[] = [];
  readonly facts: HeardFacts = { frames: 0, blips: 0, driftsPpm: [] };
  lastAtMs: number;
  readonly #listener: ProbeListener;
  readonly #sampleRate: number;
  readonly #tones: HeardTones;
  #last: ProbeArrival | undefined;
  /** A gap for which the plan has no reason, until the next frame confirms it. */
  #doubtful: { readonly before: ProbeArrival; readonly after: ProbeArrival; readonly gap: HeardGap } | undefined;
  #faults = 0;
  /** Until then a fault of the plan is felt; infinite until something is heard again. */
  #feltUntilMs = Number.POSITIVE_INFINITY;
  /** When the latest fault was over. */
  #overAtMs = Number.NEGATIVE_INFINITY;
  #run = newRun();

  constructor(seed: number, sampleRate: number, nowMs: number) {
    this.lastAtMs = nowMs;
    this.#sampleRate = sampleRate;
    this.#tones = new HeardTones(seed, sampleRate);
    this.#listener = new ProbeListener({ seed, onFrame: (arrival) => this.#take(arrival) });
  }

  push(samples: Int16Array, nowMs: number): void {
    this.#tones.push(samples);
    this.#listener.push(samples, { sampleRate: this.#sampleRate, channels: 1 }, nowMs);
  }

  /** A fault of the plan begins; call what is returned at its end. */
  begin(): (nowMs: number) => void {
    this.#faults++;
    this.#feltUntilMs = Number.POSITIVE_INFINITY;
    let over = false;
    return (nowMs) => {
      if (!over) this.#faults--;
      over = true;
      this.#overAtMs = nowMs;
    };
  }

  /** How long nothing has been heard without a reason, in milliseconds. */
  silentMs(nowMs: number): number {
    return this.#faults > 0 ? 0 : nowMs - this.lastAtMs;
  }

  /** A fault of the plan is over, and something was heard since. */
  get back(): boolean {
    return this.#faults === 0 && Number.isFinite(this.#feltUntilMs);
  }

  #felt(nowMs: number): boolean {
    return nowMs < this.#feltUntilMs;
  }

  /** What is to be said of a gap for which the plan has no reason. */
  #describe(last: ProbeArrival, next: ProbeArrival): Omit<HeardGap, 'fromMs' | 'toMs' | 'missingMs' | 'planned'> {
    const frames = next.index - last.index;
    const frameMs = (next.position - last.position) / frames;
    const outOfPlaceMs = (frameMs - FRAME_MS) * frames;
    const tones = Array.from({ length: frames - 1 }, (_, at) =>
      this.#tones.tones(last.index + at + 1, last.position + (at + 1) * frameMs),
    );
    // Opus may distort chords to several times their level: nothing that stands for lost sound is louder than what was heard.
    const distorted = this.#tones.louderDb(last.position + frameMs, next.position) > DISTORTED_DB;
    const least = distorted ? 1 : HEARD_TONES;
    // All frames between the two lie where they should, though they were not read.
    const misread = Math.abs(outOfPlaceMs) <= OUT_OF_PLACE_MS && tones.every((heard) => heard >= least);
    return { misread, tones, outOfPlaceMs, sound: this.#tones.latest() };
  }

  #take(arrival: ProbeArrival): void {
    const { index, at } = arrival;
    // All that it needs is the last.
    const { arrivals, silences } = this.#listener;
    if (arrivals.length > 1) arrivals.splice(0, arrivals.length - 1);
    silences.length = 0;
    if (this.#doubtful !== undefined) this.#confirm(this.#doubtful, arrival);
    const last = this.#last ?? arrival;
    const missingMs = Math.max(0, index - last.index - 1) * FRAME_MS;
    const planned = this.#felt(this.lastAtMs) || this.#felt(at);
    if (missingMs >= SHORTEST_LOSS_MS) {
      const gap = { fromMs: this.lastAtMs, toMs: at, missingMs, planned };
      if (planned) this.gaps.push({ ...gap, misread: false });
      else this.#doubtful = { before: last, after: arrival, gap: { ...gap, ...this.#describe(last, arrival) } };
      this.#endRun();
    } else if (missingMs > 0) this.facts.blips += missingMs / FRAME_MS;
    // The last frame before a fault may only be told from what comes after it.
    const since = this.#faults === 0 && at >= this.#overAtMs;
    if (since && this.#feltUntilMs === Number.POSITIVE_INFINITY) this.#feltUntilMs = at + SETTLES_MS;
    if (this.#felt(at)) this.#endRun();
    else if (at > this.#feltUntilMs + STEADY_MS) this.#run.add(index, at);
    this.#last = arrival;
    this.lastAtMs = at;
    this.facts.frames++;
  }

  /** One frame that was taken for a later one looks like a gap before it: those that follow go on where the sound was. */
  #confirm(
    { before, after, gap }: { before: ProbeArrival; after: ProbeArrival; gap: HeardGap },
    arrival: ProbeArrival,
  ) {
    this.#doubtful = undefined;
    const frames = arrival.index - before.index;
    const outOfPlaceMs = arrival.position - before.position - frames * FRAME_MS;
    const wasAnother = arrival.index <= after.index && frames > 0 && Math.abs(outOfPlaceMs) <= FRAME_MS;
    if (wasAnother) this.#last = before;
    this.gaps.push(wasAnother ? { ...gap, misread: true } : gap);
  }

  #endRun(): void {
    const ppm = this.#run.driftPpm();
    if (ppm !== undefined) this.facts.driftsPpm.push(ppm);
    this.#run = newRun();
  }

  close(): void {
    if (this.#doubtful !== undefined) this.gaps.push(this.#doubtful.gap);
    this.#doubtful = undefined;
    this.#endRun();
  }
}

/** A slope of arrival over index by least squares, of sums. */
function newRun() {
  let [count, x, y, xx, xy] = [0, 0, 0, 0, 0];
  let first: { readonly index: number; readonly at: number } | undefined;
  return {
    add(index: number, at: number) {
      first ??= { index, at };
      const [dx, dy] = [index - first.index, at - first.at];
      count++;
      x += dx;
      y += dy;
      xx += dx * dx;
      xy += dx * dy;
    },
    driftPpm(): number | undefined {
      if (count * FRAME_MS < 60_000) return undefined;
      return ((count * xy - x * y) / (count * xx - x * x) / FRAME_MS - 1) * 1e6;
    },
  };
}
