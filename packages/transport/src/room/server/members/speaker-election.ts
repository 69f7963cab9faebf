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

/**
 * Who is the active speaker, from what the receivers hear: nobody judges their own loudness, tracks that ignore their
 * level are never reported, and a participant whom nobody listens to is not a speaker. The last speaker stays the
 * active one while all are silent.
 */
export class SpeakerElection {
  readonly #reports = new Map<string, Report>();
  #speaker: string | null = null;

  get speaker(): string | null {
    return this.#speaker;
  }

  /** Takes one receiver's report. Returns true if the active speaker changed. */
  report(levels: readonly { readonly id: string; readonly dbfs: number }[], now: number): boolean {
    for (const { id, dbfs } of levels) {
      const before = this.#reports.get(id);
      if (before === undefined || dbfs >= before.dbfs || now - before.at > REPORT_MS)
        this.#reports.set(id, { dbfs, at: now });
    }
    return this.#elect(now);
  }

  /** Forgets a participant. Returns true if it was the active speaker. */
  remove(id: string): boolean {
    this.#reports.delete(id);
    if (this.#speaker !== id) return false;
    this.#speaker = null;
    return true;
  }

  #elect(now: number): boolean {
    const current = this.#speaker === null ? undefined : this.#reports.get(this.#speaker);
    let bar = SPEECH_DBFS;
    if (current !== undefined && now - current.at <= HOLD_MS && current.dbfs > SPEECH_DBFS)
      bar = current.dbfs + MARGIN_DB;
    let winner = this.#speaker;
    for (const [id, { dbfs, at }] of this.#reports) {
      if (id === this.#speaker || now - at > REPORT_MS || dbfs <= bar) continue;
      bar = dbfs;
      winner = id;
    }
    const changed = winner !== this.#speaker;
    this.#speaker = winner;
    return changed;
  }
}
