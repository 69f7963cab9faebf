import { type GlitchCounts, GlitchTotals } from '@sluice/core';
import type { ReceivedAudioStats } from '../../host/media-host.ts';
import { HoleWatch } from './hole-watch.ts';
import { SilentArrival } from './silent-arrival.ts';

/** Opus is decoded at 48 kHz, whatever was encoded: https://www.rfc-editor.org/rfc/rfc7587#section-4.1 */
const SAMPLES_PER_MS = 48;
/** Sound that comes back later had ended, in milliseconds. */
const LONGEST_GAP_MS = 1_000;

/** What measurements found, by the counters of the engine. */
interface Found {
  /** Milliseconds of what came, of what was made up, and of silence that was put there instead. */
  readonly played: number;
  readonly concealed: number;
  readonly silent: number;
  /** How often it began to make up. */
  readonly events: number;
}

const nothing: Found = { played: 0, concealed: 0, silent: 0, events: 0 };

/**
 * Glitches of one received track. Two witnesses have to agree: the engine's counters, which tell what did not come in time and
 * not whether anybody heard it, and the samples, which tell where sound broke off and not whether it was meant so. What was
 * made up within sound is concealed; as much of it as was a hole in the sound is a gap. What the engine makes up before
 * the first sound, in silence and after the last sound is nobody's loss.
 */
export class ReceivedTrack {
  readonly #totals = new GlitchTotals();
  readonly #holes = new HoleWatch(LONGEST_GAP_MS);
  readonly #silence = new SilentArrival();
  #connection: number | undefined;
  #before: ReceivedAudioStats | undefined;
  /** There was sound when it was measured, and no end since. */
  #sounds = false;
  /** It ended because nothing came any more. */
  #fellSilent = false;
  /** What may be in a gap or after the end: it is quiet at the moment. */
  #open = nothing;
  #interruptedAt: number | undefined;

  get counts(): GlitchCounts {
    return this.#totals;
  }

  /** A piece of 10 ms. Does not keep it. */
  take(samples: Int16Array): void {
    this.#holes.take(samples);
    this.#silence.take(samples);
  }

  /** It is off, or does not come: how long it was silent begins anew. */
  rests(): void {
    this.#silence.begin();
  }

  /** What is wrong, in words: packets come, and the sound in them is zeros. */
  problem(whose: string, isProgram: boolean): string | undefined {
    return this.#silence.problem(whose, isProgram);
  }

  /** Nothing of the track arrives any more although it should, since its last sound; `now` in milliseconds of any clock. */
  interrupted(now: number): void {
    if (this.#sounds || this.#fellSilent) this.#interruptedAt ??= now - this.#holes.quietMs;
  }

  /** It arrives again: a gap, whatever the engine counted meanwhile. */
  arrives(now: number): void {
    if (this.#interruptedAt === undefined) return;
    this.#totals.gap(now - this.#interruptedAt);
    this.#interruptedAt = undefined;
    this.#fellSilent = false;
    this.#begin(false);
  }

  /** What the engine has counted by now. @param connection a new one counts anew */
  measure(connection: number, now: ReceivedAudioStats): void {
    const before = this.#connection === connection ? this.#before : undefined;
    if (before !== undefined && now.totalSamplesReceived < before.totalSamplesReceived) return;
    this.#connection = connection;
    this.#before = now;
    const sound = this.#holes.quietMs <= LONGEST_GAP_MS;
    if (before === undefined) return this.#begin(sound);
    const found = foundBetween(before, now);
    this.#totals.played(found.played);
    this.#silence.measure({
      arrivedMs: found.played,
      missedMs: found.concealed + found.silent,
      packets: Math.max(0, now.packetsReceived - before.packetsReceived),
      bytes: Math.max(0, now.bytesReceived - before.bytesReceived),
    });
    if (!this.#sounds) this.#begin(sound);
    else if (!sound) this.#end(found);
    else if (this.#holes.quietMs > 0) this.#open = sum(this.#open, found);
    else this.#settle(sum(this.#open, found));
  }

  #begin(sound: boolean): void {
    this.#open = nothing;
    this.#holes.reset();
    this.#sounds = sound;
    if (sound) this.#fellSilent = false;
  }

  /** The sound is over. Silence that arrives is a pause; if nothing arrives, what comes next is a new beginning. */
  #end(found: Found): void {
    const all = sum(this.#open, found);
    const stopped = found.silent > 0;
    // What was made up after the last sound is among it: as much as there were holes is not.
    if (stopped) this.#settle({ ...all, silent: 0, concealed: Math.min(this.#holes.ms, all.silent + all.concealed) });
    else if (this.#holes.heard) this.#settle(all);
    this.#begin(!stopped);
    this.#fellSilent = stopped;
  }

  #settle({ silent, concealed, events }: Found): void {
    const lost = silent + concealed;
    const { count, ms } = this.#holes;
    // A hole most of which arrived was meant so, or made by the sender.
    const most = ms === 0 ? 0 : Math.round((lost * count) / ms);
    const gaps = Math.min(count, Math.max(1, events), most);
    const gapMs = gaps === 0 ? 0 : Math.min(ms, lost);
    if (lost > 0) this.#totals.gap(gapMs, lost - gapMs, gaps);
    this.#open = nothing;
    this.#holes.reset();
  }
}

function foundBetween(before: ReceivedAudioStats, now: ReceivedAudioStats): Found {
  const grown = (name: Exclude<keyof ReceivedAudioStats, 'name'>) => Math.max(0, now[name] - before[name]);
  const concealed = grown('concealedSamples');
  const silent = grown('silentConcealedSamples');
  const played = Math.max(0, grown('totalSamplesReceived') - concealed - silent);
  return {
    played: played / SAMPLES_PER_MS,
    concealed: concealed / SAMPLES_PER_MS,
    silent: silent / SAMPLES_PER_MS,
    events: grown('concealmentEvents'),
  };
}

function sum(one: Found, other: Found): Found {
  return {
    played: one.played + other.played,
    concealed: one.concealed + other.concealed,
    silent: one.silent + other.silent,
    events: one.events + other.events,
  };
}
