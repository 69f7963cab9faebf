import type { StatsReport } from './connection-stats.ts';

/**
 * By how much sound is heard later than its date says, in milliseconds: Opus gives each sample out 6.5 ms behind it, and the
 * engine takes the end of the 10 ms that it gives out for what is heard now.
 * https://www.rfc-editor.org/rfc/rfc6716#section-4.2.7.5
 */
const UNDATED_MS = 16.5;
/** The same where dates are not known yet and delays are counted from arrival: so much later sound is than it was counted. */
const UNCOUNTED_MS = 5;

/** What the engine has counted of a track: how much came out, and the seconds that it took together. */
interface Counted {
  readonly seconds: number;
  readonly count: number;
  /** The sender's time of what comes out now, in milliseconds; 0 before the sender said how its dates relate. */
  readonly playout: number;
}

/**
 * How much earlier the pictures of a participant come than their sound, measured where both are received. A sender who does not
 * hold its pictures until a packet of sound is full, as our devices do, is taken to show them 10 ms later than it does: the
 * side on which nobody sees it.
 */
export class SoundDelay {
  #last: { readonly sound: Counted; readonly pictures: Counted } | undefined;

  /**
   * Milliseconds, negative if pictures are late; undefined while one of both stands still. The first measurement gives none.
   *
   * @param soundMid media id of the sound
   * @param picturesMid media id of the pictures
   */
  measure(report: StatsReport, soundMid: string, picturesMid: string): number | undefined {
    const sound = counted(report, soundMid, 'jitterBufferDelay', 'jitterBufferEmittedCount');
    const pictures = counted(report, picturesMid, 'totalProcessingDelay', 'framesDecoded');
    const last = this.#last;
    this.#last = sound === undefined || pictures === undefined ? undefined : { sound, pictures };
    if (last === undefined || this.#last === undefined) return undefined;
    const heard = mean(last.sound, this.#last.sound);
    const seen = mean(last.pictures, this.#last.pictures);
    if (heard === undefined || seen === undefined) return undefined;
    const { sound: now, pictures: then } = this.#last;
    if (now.playout > 0 && then.playout > 0) return UNDATED_MS - (now.playout - then.playout);
    return heard - seen + UNCOUNTED_MS;
  }
}

function counted(report: StatsReport, mid: string, seconds: string, count: string): Counted | undefined {
  for (const entry of report.values())
    if (entry.type === 'inbound-rtp' && entry.mid === mid)
      return {
        seconds: number(entry[seconds]),
        count: number(entry[count]),
        playout: number(entry.estimatedPlayoutTimestamp),
      };
  return undefined;
}

/** Milliseconds for each of what came out meanwhile; undefined if nothing did. */
function mean(before: Counted, now: Counted): number | undefined {
  return now.count > before.count ? ((now.seconds - before.seconds) / (now.count - before.count)) * 1000 : undefined;
}

function number(value: unknown): number {
  return Number.isFinite(value) ? Number(value) : 0;
}
