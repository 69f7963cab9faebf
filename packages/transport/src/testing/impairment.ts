import { type Cancel, type Clock, checkKeys, type KeysOf, outOfRange, realClock } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';

/** `outgoing`: from the impaired side to the others. `incoming`: from the others to it. */
export type PacketDirection = 'outgoing' | 'incoming';

/** What a path does to packets. Chances are 0 to 1; times are milliseconds. Everything is off by default. */
export interface PathConditions {
  /** Independent random loss. */
  readonly loss?: number;
  /** Exactly `lost` of each `of` packets, at places drawn anew for each block. */
  readonly exactLoss?: { readonly lost: number; readonly of: number };
  /**
   * Bursts by the Gilbert-Elliott model: chance to enter the bad state and to leave it, for each packet, and of loss
   * within it (default 1). Mean burst 1 / leave; mean loss enter / (enter + leave).
   */
  readonly bursts?: { readonly enter: number; readonly leave: number; readonly lossInside?: number };
  /** Added to the way of each packet. Packets stay in order. */
  readonly delayMs?: number;
  /** Added delay, uniform from 0 to this. Packets stay in order. */
  readonly jitterMs?: number;
  /** Some packets come this much later than the others, so that others overtake them. */
  readonly reorder?: { readonly chance: number; readonly ms: number };
  /** Chance of a second copy. */
  readonly duplicate?: number;
  /** Packets with a larger UDP payload are dropped. Bytes. */
  readonly mtu?: number;
  /** What the path carries: packets leave one behind the other, each with 28 bytes of headers. Above 0. */
  readonly bitsPerSecond?: number;
  /** How long a packet may wait for those before it on a path with a rate; one that had to wait longer is dropped. Default 200. */
  readonly queueMs?: number;
}

/** Headers of IP and UDP, in bytes. */
const HEADERS = 28;
const QUEUE_MS = 200;

/** The keys of `PathConditions`, for those that extend them. */
export const conditionKeys = {
  loss: true,
  exactLoss: true,
  bursts: true,
  delayMs: true,
  jitterMs: true,
  reorder: true,
  duplicate: true,
  mtu: true,
  bitsPerSecond: true,
  queueMs: true,
} as const satisfies KeysOf<PathConditions>;

/** Why a relay may not pass a packet on. */
export const dropReasons = ['loss', 'burst', 'mtu', 'queue', 'cut', 'no-path'] as const;
/** Why a relay did not pass a packet on. */
export type DropReason = (typeof dropReasons)[number];

/** What becomes of a packet: when each copy is due, on the clock, or why it is dropped. */
export type Verdict =
  | {
      readonly status: 'deliver';
      /** One moment for each copy, in milliseconds on the clock. */
      readonly due: readonly number[];
    }
  | { readonly status: 'hold' }
  | {
      readonly status: 'drop';
      /** What it is counted under in `RelayCounts.reasons`. */
      readonly reason: DropReason;
    };

/** What a network does to packets: see {@link impair}. */
export interface ImpairmentOptions extends PathConditions {
  /** Same seed, same packets, same fate. Each direction draws from its own numbers. Default 1. */
  readonly seed?: number;
  /** Default: the real clock. */
  readonly clock?: Clock;
}

interface Lane {
  conditions: PathConditions;
  readonly random: () => number;
  cut: boolean;
  held: boolean;
  bad: boolean;
  block: boolean[];
  lastDue: number;
  /** When the last packet has left a path with a rate. */
  freeAt: number;
}

const DIRECTIONS = ['outgoing', 'incoming'] as const;

/**
 * Decides the fate of each packet of a path; carries nothing itself. Conditions can change at any time, for one
 * direction or both.
 */
export class Impairment {
  readonly clock: Clock;
  readonly #lanes: Record<PacketDirection, Lane>;
  readonly #onRelease = new Set<(direction: PacketDirection) => void>();

  constructor(options: ImpairmentOptions = {}) {
    checkKeys<ImpairmentOptions>('Impairment', options, { ...conditionKeys, seed: true, clock: true });
    const { seed = 1, clock = realClock, ...conditions } = options;
    checkConditions(conditions);
    this.clock = clock;
    const lane = (offset: number): Lane => ({
      conditions,
      random: seededRandom(seed * 2 + offset),
      cut: false,
      held: false,
      bad: false,
      block: [],
      lastDue: Number.NEGATIVE_INFINITY,
      freeAt: Number.NEGATIVE_INFINITY,
    });
    this.#lanes = { outgoing: lane(0), incoming: lane(1) };
  }

  /** Replaces the conditions of one direction, or of both. A cut or hold goes on. */
  set(conditions: PathConditions, direction?: PacketDirection): void {
    checkKeys<PathConditions>('set', conditions, conditionKeys);
    checkConditions(conditions);
    for (const lane of this.#of(direction)) {
      lane.conditions = conditions;
      lane.block = [];
      lane.bad = false;
    }
  }

  /** Drops every packet, or none again. */
  setCut(cut: boolean, direction?: PacketDirection): void {
    for (const lane of this.#of(direction)) lane.cut = cut;
  }

  /** Keeps every packet back; with false whoever carries them is told to let them go. */
  setHeld(held: boolean, direction?: PacketDirection): void {
    for (const lane of this.#of(direction)) lane.held = held;
    if (held) return;
    for (const each of direction === undefined ? DIRECTIONS : [direction])
      for (const listener of this.#onRelease) listener(each);
  }

  /** Called when packets that were held may go. */
  onRelease(listener: (direction: PacketDirection) => void): Cancel {
    this.#onRelease.add(listener);
    return () => void this.#onRelease.delete(listener);
  }

  /** The fate of the next packet of `bytes` UDP payload. */
  decide(bytes: number, direction: PacketDirection): Verdict {
    const lane = this.#lanes[direction];
    if (lane.cut) return { status: 'drop', reason: 'cut' };
    const { conditions, random } = lane;
    if (conditions.mtu !== undefined && bytes > conditions.mtu) return { status: 'drop', reason: 'mtu' };
    if (inBurst(lane)) return { status: 'drop', reason: 'burst' };
    if (isLost(lane)) return { status: 'drop', reason: 'loss' };
    if (lane.held) return { status: 'hold' };
    const left = leaves(lane, bytes, this.clock.now());
    if (left === undefined) return { status: 'drop', reason: 'queue' };
    const due = [dueTime(lane, left)];
    if (conditions.duplicate !== undefined && random() < conditions.duplicate) due.push(due[0]!);
    return { status: 'deliver', due };
  }

  #of(direction: PacketDirection | undefined): readonly Lane[] {
    return direction === undefined ? DIRECTIONS.map((each) => this.#lanes[each]) : [this.#lanes[direction]];
  }
}

function inBurst(lane: Lane): boolean {
  const { bursts } = lane.conditions;
  if (bursts === undefined) return false;
  lane.bad = lane.bad ? lane.random() >= bursts.leave : lane.random() < bursts.enter;
  return lane.bad && lane.random() < (bursts.lossInside ?? 1);
}

function isLost(lane: Lane): boolean {
  const { loss, exactLoss } = lane.conditions;
  if (exactLoss !== undefined) {
    if (lane.block.length === 0) lane.block = shuffledBlock(exactLoss.lost, exactLoss.of, lane.random);
    if (lane.block.pop() === true) return true;
  }
  return loss !== undefined && lane.random() < loss;
}

function shuffledBlock(lost: number, of: number, random: () => number): boolean[] {
  const block = Array.from({ length: of }, (_, index) => index < lost);
  for (let index = of - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [block[index], block[other]] = [block[other]!, block[index]!];
  }
  return block;
}

/** When the last bit of a packet has left; undefined where it finds no room before. */
function leaves(lane: Lane, bytes: number, now: number): number | undefined {
  const { bitsPerSecond, queueMs = QUEUE_MS } = lane.conditions;
  if (bitsPerSecond === undefined) return now;
  const begins = Math.max(now, lane.freeAt);
  if (begins - now > queueMs) return undefined;
  lane.freeAt = begins + ((bytes + HEADERS) * 8_000) / bitsPerSecond;
  return lane.freeAt;
}

function dueTime(lane: Lane, now: number): number {
  const { delayMs = 0, jitterMs = 0, reorder } = lane.conditions;
  const due = now + delayMs + (jitterMs > 0 ? lane.random() * jitterMs : 0);
  // The late one is not waited for: `lastDue` stays as it is.
  if (reorder !== undefined && lane.random() < reorder.chance) return due + reorder.ms;
  lane.lastDue = Math.max(lane.lastDue, due);
  return lane.lastDue;
}

function checkConditions(conditions: PathConditions): void {
  const { loss, exactLoss, bursts, delayMs, jitterMs, reorder, duplicate, mtu, bitsPerSecond, queueMs } = conditions;
  const chances = {
    loss,
    duplicate,
    enter: bursts?.enter,
    leave: bursts?.leave,
    lossInside: bursts?.lossInside,
    chance: reorder?.chance,
  };
  for (const [name, value] of Object.entries(chances))
    if (value !== undefined && !(value >= 0 && value <= 1)) throw outOfRange(name, '0 to 1', value);
  for (const [name, value] of Object.entries({ delayMs, jitterMs, 'reorder.ms': reorder?.ms, mtu, queueMs }))
    if (value !== undefined && !(value >= 0)) throw outOfRange(name, 'at least 0', value);
  if (bitsPerSecond !== undefined && !(bitsPerSecond > 0)) throw outOfRange('bitsPerSecond', 'above 0', bitsPerSecond);
  if (exactLoss !== undefined && !(exactLoss.of >= 1 && exactLoss.lost >= 0 && exactLoss.lost <= exactLoss.of))
    throw outOfRange('exactLoss', 'from 0 lost of 1 or more', exactLoss);
}
