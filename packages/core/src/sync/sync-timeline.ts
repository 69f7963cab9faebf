import type { Cancel, Clock } from '../time/clock.ts';
import { Histogram } from '../time/histogram.ts';
import { realClock } from '../time/real-clock.ts';
import { notReady, otherClock, secondMaster } from './sync-errors.ts';

export interface TimelineOptions {
  readonly startDelayMs: number;
  readonly maxStartWaitMs: number;
  readonly maxStallMs: number;
  readonly align: 'timestamps' | 'first-frames';
}

/** What the timeline knows of a member. Times are microseconds. */
export interface TimelineMember {
  readonly name: string;
  /** Whether nobody need wait for it: it has a frame to begin with, or will never have one. */
  readonly ready: boolean;
  /** The timestamp of the first frame that waits. */
  readonly firstTimestamp: number | undefined;
  /** How much later than its timestamps it is to be, whatever the timeline. */
  readonly offset: number;
  /** What is added to its timestamps on the timeline; undefined until its first frame is known. */
  shift: number | undefined;
  /** Whether its sink was told to stand still. */
  readonly paused: boolean;
  /**
   * Gives the sink what is due at `position`. Returns when it wants to be asked again, on the timeline; `Infinity` if
   * only a new frame changes anything.
   */
  serve(position: number): number;
  /** What was going on before counts no more. */
  restart(): void;
  report(error: unknown): void;
}

/** A member that plays by itself. */
export interface TimelinePlayer extends TimelineMember {
  /** The place on the timeline of what it plays now; undefined while it plays nothing. */
  readonly position: number | undefined;
  /** Set if its position is, or was, the time of the group. */
  isMaster: boolean;
}

/** How often a master that stands still is looked at, in milliseconds. */
const STALL_LOOK_MS = 5;
/** The longest sleep: a master's clock is not ours, and it may jump. In milliseconds. */
const LONGEST_SLEEP_MS = 100;
/** How soon after its last sample a master is known to have ended, at most, in milliseconds. */
const END_NOTICE_MS = 100;

/**
 * The media time of a group. It is the master's playout position while the master plays, and goes on by the clock
 * otherwise: before the master's first frame is due, after it has ended or failed, and when it stands still for longer
 * than it may.
 */
export class SyncTimeline {
  readonly members = new Set<TimelineMember>();
  /** How far off the frames of all members were, in microseconds. */
  readonly skew = new Histogram();
  reanchored = 0;
  stalls = 0;
  readonly #options: TimelineOptions;
  readonly #players = new Set<TimelinePlayer>();
  #clock: Clock | undefined;
  #status: 'waiting' | 'delayed' | 'running' = 'waiting';
  #master: TimelinePlayer | undefined;
  /** Whether the master has been given its first frame, so that its position counts. */
  #leads = false;
  /** Media and clock time that belong together while the clock rules; absent while the master does. */
  #anchor: { readonly media: number; readonly at: number } | undefined;
  /** The master's position when it was last seen moving, and when that was. */
  #moved = { media: 0, at: 0 };
  #patienceMs = 0;
  #epoch = 0;
  /** An interruption is being told to the members, one after the other. */
  #interrupting = false;
  #cancelTimer: Cancel | undefined;
  #cancelWait: Cancel | undefined;
  /** Whoever leads is paused: time stands still. */
  #still = false;
  #looking = false;
  #lookAgain = false;

  constructor(options: TimelineOptions) {
    this.#options = options;
  }

  get master(): TimelinePlayer | undefined {
    return this.#master;
  }

  /** Clock time in milliseconds. */
  get now(): number {
    return (this.#clock ?? realClock).now();
  }

  /** Media time now; undefined before the common start. */
  get position(): number | undefined {
    return this.#status === 'running' ? this.#read() : undefined;
  }

  add(member: TimelineMember): void {
    this.members.add(member);
  }

  /** The first player leads, unless another was made the master. */
  addPlayer(player: TimelinePlayer, isMaster: boolean): void {
    if (isMaster && this.#master !== undefined) throw secondMaster(this.#master.name);
    this.members.add(player);
    this.#players.add(player);
    if (isMaster) this.#lead(player);
  }

  enter(member: TimelineMember, clock: Clock): void {
    if (this.#clock !== undefined && this.#clock !== clock) throw otherClock(member.name);
    this.#clock = clock;
  }

  /** A frame came. */
  arrived(member: TimelineMember): void {
    if (this.#status === 'running') member.shift ??= this.#shiftOfLate(member);
    this.changed();
  }

  /** Something that a member's `serve` depends on may have changed. */
  changed(): void {
    if (this.#status === 'running') this.#look();
    else if (!this.#interrupting) this.#tryStart();
  }

  /** A member was paused or resumed, or others lead now. Without a master time stands still when all members do. */
  settlePause(): void {
    const members = [...this.members];
    const still = this.#master?.paused ?? (members.length > 0 && members.every((member) => member.paused));
    if (still !== this.#still) {
      // While nothing moves the anchor stays where it is, so that no time passes for it.
      if (this.#anchor !== undefined) this.#anchor = { media: this.#read(), at: this.now };
      this.#moved = { ...this.#moved, at: this.now };
      this.#still = still;
      // Who stands still is not waited for either.
      if (still && this.#status !== 'running') this.#stop();
    }
    this.changed();
  }

  /** The player's sink was given its first frame. It may take a while until it plays: a far side is being connected. */
  begun(player: TimelinePlayer): void {
    if (player !== this.#master) return;
    this.#moved = { media: this.#read(), at: this.now };
    this.#patienceMs = this.#options.maxStartWaitMs + this.#options.maxStallMs;
    this.#leads = true;
    this.#anchor = undefined;
  }

  /** If whoever leads is interrupted, all begin anew with the next frames; a follower alone just goes on following. */
  interrupted(member: TimelineMember, epoch: number): void {
    if (epoch <= this.#epoch || (this.#master !== undefined && member !== this.#master)) return;
    this.#epoch = epoch;
    if (this.#status === 'running') this.reanchored++;
    this.#stop();
    for (const one of this.members) one.restart();
    this.#interrupting = true;
    queueMicrotask(() => {
      this.#interrupting = false;
      this.changed();
    });
  }

  leave(member: TimelineMember): void {
    this.members.delete(member);
    this.#players.delete(member as TimelinePlayer);
    if (member === this.#master) this.#masterGone();
    if (this.members.size > 0) return this.settlePause();
    this.#stop();
    this.#clock = undefined;
    this.#epoch = 0;
    this.#still = false;
  }

  #tryStart(): void {
    if (this.#still) return;
    const members = [...this.members];
    if (!members.some((member) => member.firstTimestamp !== undefined)) return;
    const clock = this.#clock ?? realClock;
    const { startDelayMs, maxStartWaitMs } = this.#options;
    if (!members.every((member) => member.ready)) {
      this.#cancelWait ??= clock.at(clock.now() + maxStartWaitMs, () => this.#startWithout());
    } else if (startDelayMs === 0) this.#start();
    else if (this.#status === 'waiting') {
      this.#status = 'delayed';
      this.#cancelWait?.();
      this.#cancelWait = clock.at(clock.now() + startDelayMs, () => this.#start());
    }
  }

  #startWithout(): void {
    const late = [...this.members].filter((member) => !member.ready);
    for (const member of late) member.report(notReady(member.name, this.#options.maxStartWaitMs));
    this.#start();
  }

  #start(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    this.#status = 'waiting';
    const first = [...this.members].filter((member) => member.firstTimestamp !== undefined);
    if (first.length === 0) return;
    const [player] = this.#players;
    if (this.#master === undefined && player !== undefined) this.#lead(player);
    const base = this.#master?.firstTimestamp ?? Math.min(...first.map((member) => member.firstTimestamp!));
    for (const member of first)
      member.shift = this.#options.align === 'first-frames' ? base - member.firstTimestamp! : 0;
    const media = Math.min(...first.map((member) => member.firstTimestamp! + member.shift! + member.offset));
    this.#anchor = { media, at: this.now };
    this.#status = 'running';
    this.settlePause();
  }

  /** A member whose first frame comes after the start joins the timeline where it is. */
  #shiftOfLate(member: TimelineMember): number {
    return this.#options.align === 'first-frames' ? this.#read() - member.firstTimestamp! - member.offset : 0;
  }

  #look(): void {
    this.#lookAgain = true;
    if (this.#looking || this.#still) return;
    this.#looking = true;
    let wait = 0;
    while (this.#lookAgain && this.#status === 'running') {
      this.#lookAgain = false;
      const position = this.#read();
      wait = Number.POSITIVE_INFINITY;
      for (const member of this.members) if (!member.paused) wait = Math.min(wait, member.serve(position) - position);
    }
    this.#looking = false;
    if (this.#status === 'running' && !this.#still) this.#arm(wait);
  }

  #arm(waitMicros: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (waitMicros === Number.POSITIVE_INFINITY) return;
    const clock = this.#clock ?? realClock;
    const now = clock.now();
    const stands = this.#anchor === undefined && this.#moved.at < now;
    const wait = stands ? STALL_LOOK_MS : Math.min(Math.max(1, waitMicros / 1000), LONGEST_SLEEP_MS);
    this.#cancelTimer = clock.at(now + wait, () => {
      this.#cancelTimer = undefined;
      this.changed();
    });
  }

  #read(): number {
    const now = this.now;
    const position = this.#leads ? this.#master?.position : undefined;
    if (position !== undefined && position !== this.#moved.media) {
      if (this.#anchor !== undefined) this.reanchored++;
      this.#anchor = undefined;
      this.#moved = { media: position, at: now };
      this.#patienceMs = this.#options.maxStallMs;
    } else if (this.#leads && !this.#still && this.#anchor === undefined && now - this.#moved.at > this.#patienceMs) {
      this.stalls++;
      this.#anchor = { media: this.#moved.media, at: now };
    }
    if (this.#anchor === undefined) return this.#moved.media;
    return this.#anchor.media + (this.#still ? 0 : (now - this.#anchor.at) * 1000);
  }

  #lead(player: TimelinePlayer): void {
    this.#master = player;
    player.isMaster = true;
  }

  #masterGone(): void {
    if (this.#leads && this.#anchor === undefined)
      this.#anchor = { media: this.#moved.media, at: Math.max(this.#moved.at, this.now - END_NOTICE_MS) };
    this.#leads = false;
    this.#master = undefined;
  }

  #stop(): void {
    this.#status = 'waiting';
    this.#leads = false;
    this.#anchor = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }
}
