import type { OperatorFunction } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange } from '../errors.ts';
import { closeFrame, type Frame } from '../media/frame.ts';
import { createOperator } from '../operators/operator.ts';
import { heldQueue } from './held-queue.ts';
import { seededRandom } from './sound/test-signals.ts';

/** Which frames are hit: each `every`-th one, or each with a chance of `probability` (0 to 1) drawn from `seed`. */
export type DropOptions =
  | {
      /** Each so-manieth frame is lost, 1 or more. */
      readonly every: number;
    }
  | {
      /** The chance of each frame to be lost, 0 to 1. */
      readonly probability: number;
      /** The same seed loses the same frames. Default 1. */
      readonly seed?: number;
    };

/** Loses frames without telling: no gap is left. Adds no latency. Lost frames are closed. */
function drop<F extends Frame>(options: DropOptions): OperatorFunction<F, F> {
  if ('every' in options) checkKeys<{ every: number }>('faults.drop', options, { every: true });
  else checkKeys<{ probability: number; seed?: number }>('faults.drop', options, { probability: true, seed: true });
  if ('every' in options) checkCount('every', options.every, 1);
  else checkProbability('probability', options.probability);
  return createOperator<F, F>({ name: 'faults.drop' }, (destination) => {
    const random = 'every' in options ? undefined : seededRandom(options.seed ?? 1);
    let count = 0;
    const lost = () => ('every' in options ? ++count % options.every === 0 : random!() < options.probability);
    return { next: (frame) => (lost() ? closeFrame(frame) : destination.next(frame)) };
  });
}

/** When `faults.stall` lets nothing pass. */
export interface StallOptions {
  /** How long nothing passes, in milliseconds. */
  readonly ms: number;
  /** The frame at which it begins, counted from 0. Default 0. */
  readonly at?: number;
  /** Begins again each time this many frames have come since the last stall. Default: once. */
  readonly every?: number;
}

/** Lets nothing pass for a while, then everything that came meanwhile at once, in order. */
function stall<F extends Frame>(options: StallOptions): OperatorFunction<F, F> {
  checkKeys<StallOptions>('faults.stall', options, { ms: true, at: true, every: true });
  const { ms, at = 0, every } = options;
  checkMs('ms', ms);
  checkCount('at', at, 0);
  if (every !== undefined) checkCount('every', every, 1);
  return createOperator<F, F>({ name: 'faults.stall' }, (destination, context) => {
    const kept = heldQueue(destination, context);
    let count = 0;
    let until = Number.NEGATIVE_INFINITY;
    return {
      next: (frame) => {
        const index = count++ - at;
        if (index === 0 || (index > 0 && every !== undefined && index % every === 0)) until = context.clock.now() + ms;
        if (context.clock.now() < until || kept.size > 0) kept.push(frame, until);
        else destination.next(frame);
      },
      complete: kept.complete,
      teardown: kept.clear,
    };
  });
}

/** How many frames `faults.burst` lets go at once. */
export interface BurstOptions {
  /** Frames that are collected and passed on at once; what is left at the end comes with the end. */
  readonly frames: number;
}

/** Collects frames and lets them go together: same number, no rhythm. */
function burst<F extends Frame>(options: BurstOptions): OperatorFunction<F, F> {
  checkKeys<BurstOptions>('faults.burst', options, { frames: true });
  checkCount('frames', options.frames, 1);
  return createOperator<F, F>({ name: 'faults.burst', maxHeld: options.frames }, (destination, context) => {
    const kept = heldQueue(destination, context);
    return {
      next: (frame) => {
        kept.push(frame);
        if (kept.size >= options.frames) kept.flush();
      },
      complete: () => {
        kept.flush();
        destination.complete();
      },
      teardown: kept.clear,
    };
  });
}

/** What `faults.throwAt` throws, and how often. */
export interface ThrowAtOptions {
  /** What is thrown. Default: an `Error` that names the frame. */
  readonly error?: unknown;
  /** How many frames in a row throw. Default 1. */
  readonly times?: number;
}

/**
 * Throws when frame `at` (from 0) comes; the frame is closed. Frames are counted over all subscriptions, so that a
 * restarted actor gets past the fault.
 */
function throwAt<F extends Frame>(at: number, options: ThrowAtOptions = {}): OperatorFunction<F, F> {
  checkCount('at', at, 0);
  checkKeys<ThrowAtOptions>('faults.throwAt', options, { error: true, times: true });
  const times = options.times ?? 1;
  checkCount('times', times, 1);
  let count = 0;
  return createOperator<F, F>({ name: 'faults.throwAt' }, (destination) => ({
    next: (frame) => {
      const index = count++;
      if (index < at || index >= at + times) return destination.next(frame);
      closeFrame(frame);
      throw 'error' in options ? options.error : new Error(`injected fault at frame ${index}`);
    },
  }));
}

/** Which frame `faults.neverResolve` keeps. */
export interface NeverResolveOptions {
  /** The frame that never comes out, counted from 0. Default 0. */
  readonly at?: number;
}

/** From frame `at` on keeps everything for ever, the end too: work whose promise never settles. */
function neverResolve<F extends Frame>(options: NeverResolveOptions = {}): OperatorFunction<F, F> {
  checkKeys<NeverResolveOptions>('faults.neverResolve', options, { at: true });
  const { at = 0 } = options;
  checkCount('at', at, 0);
  return createOperator<F, F>({ name: 'faults.neverResolve' }, (destination, context) => {
    const kept = heldQueue(destination, context);
    let count = 0;
    return {
      next: (frame) => (count++ < at ? destination.next(frame) : kept.push(frame)),
      complete: () => {
        if (kept.size === 0) destination.complete();
      },
      teardown: kept.clear,
    };
  });
}

/** How long `faults.delayJitter` may keep a frame. */
export interface DelayJitterOptions {
  /** The shortest that a frame is kept, in milliseconds. Default 0. */
  readonly minMs?: number;
  /** The longest that a frame is kept, in milliseconds. */
  readonly maxMs: number;
  /** Of the delays: the same seed gives the same ones. Default 1. */
  readonly seed?: number;
  /** True: a frame may overtake another. Default false: a late frame makes those behind it late. */
  readonly reorder?: boolean;
}

/** Delays each frame by its own amount, uniform from `minMs` to `maxMs`. The end comes after the last frame. */
function delayJitter<F extends Frame>(options: DelayJitterOptions): OperatorFunction<F, F> {
  checkKeys<DelayJitterOptions>('faults.delayJitter', options, {
    minMs: true,
    maxMs: true,
    seed: true,
    reorder: true,
  });
  const { minMs = 0, maxMs, seed = 1, reorder = false } = options;
  checkMs('minMs', minMs);
  if (!(maxMs >= minMs)) throw outOfRange('maxMs', `at least minMs (${minMs})`, maxMs);
  return createOperator<F, F>(
    { name: 'faults.delayJitter', latencyMs: maxMs, maxHeld: 1000 },
    (destination, context) => {
      const kept = heldQueue(destination, context);
      const random = seededRandom(seed);
      let latest = Number.NEGATIVE_INFINITY;
      return {
        next: (frame) => {
          const due = context.clock.now() + minMs + random() * (maxMs - minMs);
          latest = reorder ? due : Math.max(latest, due);
          kept.push(frame, latest);
        },
        complete: kept.complete,
        teardown: kept.clear,
      };
    },
  );
}

/**
 * Faults to put into a graph or a bare chain. All are seeded and take time from the actor's clock, so the same test
 * fails the same way each time.
 *
 * @example
 * bot.from(source).pipe(faults.drop({ probability: 0.1, seed: 7 }), faults.delayJitter({ maxMs: 40 })).to(sink);
 */
export const faults = { drop, stall, burst, throwAt, neverResolve, delayJitter } as const;

/** Keeps this thread's event loop busy for `ms` of real time: a synchronous decode, a huge JSON, a collection. */
export function blockEventLoop(ms: number): void {
  checkMs('ms', ms);
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function checkCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value)) throw invalidArgument(name, 'a whole number', value);
  if (value < least) throw outOfRange(name, `at least ${least}`, value);
}

function checkProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw outOfRange(name, '0 to 1', value);
}

function checkMs(name: string, value: number): void {
  if (!(value >= 0)) throw outOfRange(name, 'at least 0 ms', value);
}
