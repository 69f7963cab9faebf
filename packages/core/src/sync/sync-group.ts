// Sinks on one timeline: lips and voice together. No device: a member is any sink that tells its position.

import { checkKeys } from '../check-keys.ts';
import { invalidArgument, outOfRange } from '../errors.ts';
import type { Frame } from '../media/frame.ts';
import { NODE } from '../operators/node-spec.ts';
import type { Sink } from '../operators/sink.ts';
import type { Histogram } from '../time/histogram.ts';
import { type Millis, microsToMillis } from '../time/units.ts';
import { PictureMember } from './picture-member.ts';
import { PlayerMember } from './player-member.ts';
import { SyncTimeline } from './sync-timeline.ts';

/** How the members of a {@link syncGroup} find their common beginning. */
export interface SyncGroupOptions {
  /**
   * What is shown together. `timestamps` (default): what has equal timestamps; a member whose first one is later starts
   * later. `first-frames`: the first frames of all members, whatever their timestamps.
   */
  readonly align?: 'timestamps' | 'first-frames';
  /** How long to wait once everybody has prerolled, so that queues fill. Milliseconds, default 0. */
  readonly startDelayMs?: number;
  /**
   * How long those who have prerolled wait for the others, before they start without them and say so
   * (`SLUICE_SYNC_START`). Milliseconds, default 10,000.
   */
  readonly maxStartWaitMs?: number;
  /**
   * How long a master that stands still holds the others, before the clock goes on for it until it plays again.
   * Milliseconds, default 1,000.
   */
  readonly maxStallMs?: number;
}

/** How one sink follows the timeline of a sync group. */
export interface FollowOptions {
  /**
   * How much later than its timestamp says a frame is shown, earlier if negative, against a known difference between
   * the two paths. Milliseconds, -10,000 to 10,000, default 0.
   */
  readonly offsetMs?: number;
  /**
   * Pictures only: shows the last one again whenever the timeline has gone on this far without a new one, for sinks that need a
   * steady rate. Milliseconds from 1. Default: never, as a camera keeps showing what it was given.
   */
  readonly repeatMs?: number;
  /** Frames that may wait for their time before the source is held back. Default 4, for what plays by itself 1. */
  readonly maxHeld?: number;
}

/** How far what was shown was off the timeline, in milliseconds, earlier or later. */
export interface SkewStatistics {
  /** The middle one. */
  readonly p50: Millis;
  /** What 99 of 100 stay below. */
  readonly p99: Millis;
  /** The largest. */
  readonly max: Millis;
}

/** How one member of a sync group keeps up. */
export interface SyncMemberStatistics {
  /** The node, once it is part of a graph; before that the kind of sink. */
  readonly name: string;
  /** Whether its time is that of the group, or it follows. */
  readonly role: 'master' | 'follower';
  /** `waiting` for its first frame or for the common start. */
  readonly status: 'waiting' | 'running' | 'ended';
  /** Frames that its sink was given, repeated ones apart. */
  readonly shown: number;
  /** Frames that its sink was given again, since the next one was late. */
  readonly repeated: number;
  /** Frames that came too late, were replaced by a newer one that was due as well, or found no room. */
  readonly dropped: number;
  /** Frames that wait for their time. */
  readonly queued: number;
  /** Its own part of the skew of the group. */
  readonly skewMs: SkewStatistics;
}

/** What a group has done so far. Counts are the followers'. */
export interface SyncStatistics {
  /** Where the timeline is, in milliseconds of media time; undefined before the common start. */
  readonly positionMs: Millis | undefined;
  /** Of every frame that a follower was given: its timestamp against the timeline at that moment. */
  readonly skewMs: SkewStatistics;
  /** Frames that sinks were given, repeated ones apart. */
  readonly shown: number;
  /** Frames that sinks were given again. */
  readonly repeated: number;
  /** Frames that came too late, were replaced by a newer one, or found no room. */
  readonly dropped: number;
  /** How often the timeline began anew: after an interruption, or when a stalled master played again. */
  readonly reanchored: number;
  /** How often the master stood still for so long that the clock went on for it. */
  readonly stalls: number;
  /** Each stream of the group. */
  readonly members: readonly SyncMemberStatistics[];
}

/** Sinks that share one timeline. Made by `syncGroup`. */
export interface SyncGroup {
  /**
   * The sink whose playout position is the time of the group. It must tell one (`SinkOptions.plays`), as `toMicrophone`
   * and `toCustomAudio` do.
   */
  master<F extends Frame, R>(sink: Sink<F, R>): Sink<F, R>;
  /** A sink that goes along. Any number of them. */
  follow<F extends Frame, R>(sink: Sink<F, R>, options?: FollowOptions): Sink<F, R>;
  /** What happened so far; may be read at any time. */
  statistics(): SyncStatistics;
}

/**
 * Sinks that share one timeline, so that lips match.
 *
 * The time is the media time that leaves the master: its playout position, counted by what its device has really been
 * given, so that queues, cushions and stalls of the way there are in it. Followers get each frame when the timeline
 * reaches its timestamp: of several pictures that are due the newest, in order; what is late by more than one picture is
 * dropped, counted, and leaves a gap, but while all are late one is shown each 500 ms. A follower that plays by itself starts with the others and is put right when it is
 * more than 40 ms off. Without a master the first sink that plays is it; in a group without any the clock is.
 *
 * Nobody starts until everybody has a first frame or has ended. If the master stalls, the others wait for it, and the
 * clock takes over when that lasts. When it ends or fails, the others go on by the clock. An interruption drops what
 * waits, and all start together again with the next frames; if it reaches only a follower, that follower falls in again.
 * Waiting frames hold their sources back (`maxHeld`); of pictures that cannot be held back the oldest are dropped.
 *
 * @example
 * ```ts
 * const lips = syncGroup();
 * bot.from(fromWavFile('talk.wav')).to(lips.master(toMicrophone(microphone)));
 * bot.from(fromY4mFile('talk.y4m')).to(lips.follow(toCamera(device)));
 * await bot.run();
 * console.log(lips.statistics().skewMs);
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 */
export function syncGroup(options: SyncGroupOptions = {}): SyncGroup {
  checkKeys<SyncGroupOptions>('syncGroup', options, {
    align: true,
    startDelayMs: true,
    maxStartWaitMs: true,
    maxStallMs: true,
  });
  const { align = 'timestamps', startDelayMs = 0, maxStartWaitMs = 10_000, maxStallMs = 1_000 } = options;
  if (align !== 'timestamps' && align !== 'first-frames')
    throw invalidArgument('syncGroup.align', "'timestamps' or 'first-frames'", align);
  checkMs('syncGroup.startDelayMs', startDelayMs, 0, 60_000);
  checkMs('syncGroup.maxStartWaitMs', maxStartWaitMs, 0, 600_000);
  checkMs('syncGroup.maxStallMs', maxStallMs, 0, 600_000);
  return new SinkGroup(new SyncTimeline({ align, startDelayMs, maxStartWaitMs, maxStallMs }));
}

/** What the group reads of its members, whatever they carry. */
interface Counted {
  readonly name: string;
  readonly isMaster?: boolean;
  readonly ended: boolean;
  readonly shown: number;
  readonly repeated: number;
  readonly dropped: number;
  readonly queued: number;
  readonly skew: Histogram;
}

/** Members that have ended stay in the list, but not more than this. */
const MOST_LISTED = 64;

class SinkGroup implements SyncGroup {
  readonly #timeline: SyncTimeline;
  readonly #members = new Set<Counted>();
  /** Counts of members that are no longer listed. */
  readonly #past = { shown: 0, repeated: 0, dropped: 0 };

  constructor(timeline: SyncTimeline) {
    this.#timeline = timeline;
  }

  master<F extends Frame, R>(sink: Sink<F, R>): Sink<F, R> {
    checkSink('syncGroup.master', sink);
    if (sink[NODE].position === undefined)
      throw invalidArgument('syncGroup.master', 'a sink that tells its playout position', sink[NODE].name);
    const member = new PlayerMember(this.#timeline, sink);
    this.#timeline.addPlayer(member, true);
    this.#list(member);
    return member;
  }

  follow<F extends Frame, R>(sink: Sink<F, R>, options: FollowOptions = {}): Sink<F, R> {
    checkKeys<FollowOptions>('syncGroup.follow', options, { offsetMs: true, repeatMs: true, maxHeld: true });
    const { offsetMs = 0, repeatMs = Number.POSITIVE_INFINITY, maxHeld = 4 } = options;
    checkSink('syncGroup.follow', sink);
    checkMs('syncGroup.offsetMs', offsetMs, -10_000, 10_000);
    if (repeatMs !== Number.POSITIVE_INFINITY) checkMs('syncGroup.repeatMs', repeatMs, 1, 60_000);
    if (!Number.isInteger(maxHeld)) throw invalidArgument('syncGroup.maxHeld', 'an integer', maxHeld);
    if (maxHeld < 1 || maxHeld > 1_000) throw outOfRange('syncGroup.maxHeld', '1 to 1000 frames', maxHeld);
    if (sink[NODE].position !== undefined) {
      const player = new PlayerMember(this.#timeline, sink, { offsetMs });
      this.#timeline.addPlayer(player, false);
      this.#list(player);
      return player;
    }
    const member = new PictureMember(this.#timeline, sink, { offsetMs, repeatMs, maxHeld });
    this.#timeline.add(member);
    this.#list(member);
    return member;
  }

  statistics(): SyncStatistics {
    const members = [...this.#members].map((member) => this.#describe(member));
    const followers = members.filter(({ role }) => role === 'follower');
    const sum = (key: 'shown' | 'repeated' | 'dropped') =>
      followers.reduce((total, one) => total + one[key], this.#past[key]);
    const { position, skew, reanchored, stalls } = this.#timeline;
    return {
      positionMs: position === undefined ? undefined : microsToMillis(position),
      skewMs: skewStatistics(skew),
      shown: sum('shown'),
      repeated: sum('repeated'),
      dropped: sum('dropped'),
      reanchored,
      stalls,
      members,
    };
  }

  #list(member: Counted): void {
    this.#members.add(member);
    if (this.#members.size <= MOST_LISTED) return;
    const oldest = [...this.#members].find((one) => one.ended);
    if (oldest === undefined) return;
    this.#members.delete(oldest);
    if (oldest.isMaster === true) return;
    this.#past.shown += oldest.shown;
    this.#past.repeated += oldest.repeated;
    this.#past.dropped += oldest.dropped;
  }

  #describe(member: Counted): SyncMemberStatistics {
    const { name, shown, repeated, dropped, queued } = member;
    return {
      name,
      role: member.isMaster === true ? 'master' : 'follower',
      status: member.ended ? 'ended' : shown > 0 ? 'running' : 'waiting',
      shown,
      repeated,
      dropped,
      queued,
      skewMs: skewStatistics(member.skew),
    };
  }
}

function skewStatistics(skew: Histogram): SkewStatistics {
  return {
    p50: microsToMillis(skew.percentile(0.5)),
    p99: microsToMillis(skew.percentile(0.99)),
    max: microsToMillis(skew.max),
  };
}

function checkSink(name: string, sink: object): void {
  const spec = (sink as { readonly [NODE]?: object } | null)?.[NODE];
  if (typeof spec !== 'object' || !('attach' in spec)) throw invalidArgument(name, 'a sink: toX(...)', sink);
}

function checkMs(name: string, value: number, min: number, max: number): void {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(name, 'a number of ms', value);
  if (value < min || value > max) throw outOfRange(name, `${min} to ${max} ms`, value);
}
