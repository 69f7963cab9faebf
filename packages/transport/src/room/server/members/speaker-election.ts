/** Quieter than this is not speech. dBFS. */
const SPEECH_DBFS = -50;
/** A challenger must be this much louder than the speaker. */
const MARGIN_DB = 6;
/** How long a report counts, and how long a speaker stays after the last word, in milliseconds. */
const REPORT_MS = 600;
const HOLD_MS = 1_500;

interface Report {
  readonly dbfs: number;
  readonly at: number;
}

interface Loudness {
  readonly dbfs: number;
  /** Whether more than one receiver says so. */
  readonly confirmed: boolean;
}

/**
 * Who is the active speaker, from what the receivers hear: nobody judges their own loudness, tracks that ignore their
 * level are never reported, and a participant whom nobody listens to is not a speaker. Who is heard by several is as loud
 * as at least two of them say, and comes before whom only one can hear. Where several could hear somebody, one alone says nothing:
 * it decides neither against two nor while all are silent. The last speaker stays the active one then.
 */
export class SpeakerElection {
  /** By whom they are about, then by whose they are. */
  readonly #reports = new Map<string, Map<string, Report>>();
  readonly #severalHear: (id: string) => boolean;
  #speaker: string | null = null;

  /** @param severalHear whether several receive the sound of a participant, be it silent or not */
  constructor(severalHear: (id: string) => boolean) {
    this.#severalHear = severalHear;
  }

  get speaker(): string | null {
    return this.#speaker;
  }

  /** Takes the report of the receiver `by`. */
  report(by: string, levels: readonly { readonly id: string; readonly dbfs: number }[], now: number): void {
    for (const { id, dbfs } of levels) {
      const reports = this.#reports.get(id) ?? new Map<string, Report>();
      this.#reports.set(id, reports);
      const before = reports.get(by);
      if (before === undefined || dbfs >= before.dbfs || now - before.at > REPORT_MS)
        reports.set(by, { dbfs, at: now });
    }
    this.#elect(now);
  }

  /** Forgets a participant, and what it said. */
  remove(id: string): void {
    this.#reports.delete(id);
    for (const reports of this.#reports.values()) reports.delete(id);
    if (this.#speaker === id) this.#speaker = null;
  }

  #elect(now: number): void {
    const current = this.#speaker === null ? undefined : this.#loudness(this.#speaker, now - HOLD_MS);
    const holds = current !== undefined && current.dbfs > SPEECH_DBFS;
    let best: Loudness = holds
      ? { ...current, dbfs: current.dbfs + MARGIN_DB }
      : { dbfs: SPEECH_DBFS, confirmed: false };
    for (const id of this.#reports.keys()) {
      const loudness = this.#loudness(id, now - REPORT_MS);
      if (id === this.#speaker || loudness === undefined || !isMore(loudness, best)) continue;
      best = loudness;
      this.#speaker = id;
    }
  }

  #loudness(id: string, since: number): Loudness | undefined {
    const levels = [...(this.#reports.get(id)?.values() ?? [])].filter(({ at }) => at >= since).map(({ dbfs }) => dbfs);
    const [loudest, second] = levels.sort((a, b) => b - a);
    if (loudest === undefined) return undefined;
    if (second !== undefined) return { dbfs: second, confirmed: true };
    // It is asked only where it matters: each look goes through the room.
    return loudest <= SPEECH_DBFS || this.#severalHear(id) ? undefined : { dbfs: loudest, confirmed: false };
  }
}

function isMore(one: Loudness, other: Loudness): boolean {
  if (one.dbfs <= SPEECH_DBFS) return false;
  return one.confirmed === other.confirmed ? one.dbfs > other.dbfs : one.confirmed;
}
