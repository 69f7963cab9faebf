import type { AudioFormat, Cancel } from '@sluice/core';
import { AudioConverter } from '@sluice/core/kernels';
import { engineSampleRates } from '../../host/host-options.ts';
import { type HostAudioProgress, type HostAudioSource, type MediaHost, nothingPlayed } from '../../host/media-host.ts';
import { PlayedLevel } from './played-level.ts';

export interface HostFeedOptions extends AudioFormat {
  readonly autoSilence: boolean;
  readonly cushionMs: number;
  /** What the cushion begins with. Default: `cushionMs`. */
  readonly firstCushionMs?: number;
  readonly host: MediaHost;
}

/** Slices that the host waits for more before what the converter keeps back is played as well; it waits three in all. */
const PATIENCE = 2;

/**
 * A device's samples in the host's queue: converts rates that the engine does not know, outlives the engine, and counts
 * in the device's samples per channel.
 */
export class HostFeed {
  readonly #options: HostFeedOptions;
  readonly #onProgress: () => void;
  readonly #hostRate: number;
  readonly #converter: AudioConverter | undefined;
  /** Counters of sources whose engine died. */
  #past = nothingPlayed;
  #now = nothingPlayed;
  #source: HostAudioSource;
  #stopListening: Cancel;
  #written = 0;
  #hostWritten = 0;
  /** Samples may be inside the converter. */
  #converting = false;
  /** Slices that had been held back when samples were written last. */
  #heldBack = 0;
  #paused = false;
  readonly #levels = new Set<PlayedLevel>();

  constructor(options: HostFeedOptions, onProgress: () => void) {
    this.#options = options;
    this.#onProgress = onProgress;
    this.#hostRate = nearestEngineRate(options.sampleRate);
    if (this.#hostRate !== options.sampleRate)
      this.#converter = new AudioConverter(options, { sampleRate: this.#hostRate, channels: options.channels });
    this.#source = this.#createSource();
    this.#stopListening = this.#source.onProgress(this.#progressed);
  }

  get source(): HostAudioSource {
    return this.#source;
  }

  get counters(): HostAudioProgress {
    const { played, dropped, silence, underruns, heldBack, stalls, missing } = this.#past;
    return {
      played: played + this.#toDevice(this.#now.played),
      dropped: dropped + this.#toDevice(this.#now.dropped),
      silence: silence + this.#toDevice(this.#now.silence),
      underruns: underruns + this.#now.underruns,
      heldBack: heldBack + this.#now.heldBack,
      stalls: stalls + this.#now.stalls,
      missing: missing + this.#toDevice(this.#now.missing),
    };
  }

  /** Written samples that were played. */
  get played(): number {
    return this.#past.played + this.#toDevice(this.#now.played);
  }

  /** Written samples that were played or dropped. */
  get position(): number {
    if (!this.#converting && this.#allPlayed) return this.#written;
    const past = this.#past.played + this.#past.dropped;
    return Math.min(this.#written, past + this.#toDevice(this.#now.played + this.#now.dropped));
  }

  write(samples: Int16Array): void {
    this.#written += samples.length / this.#options.channels;
    for (const level of this.#levels) level.write(samples, this.#written);
    if (this.#converter === undefined) return this.#send(samples);
    // Silence stands between what was played and this.
    if (!this.#converting && this.#allPlayed) this.#converter.beginStretch();
    this.#converting = true;
    this.#heldBack = this.#now.heldBack;
    this.#send(this.#converter.process(samples));
  }

  flush(): void {
    this.#drainConverter();
    this.#source.flush();
  }

  /** Returns samples that were dropped. */
  async clear(fadeMs: number): Promise<number> {
    this.#dropLevels();
    this.#drainConverter();
    this.#converter?.beginStretch();
    return this.#toDevice(await this.#source.clear(fadeMs));
  }

  /** Measures what is written from now on, as it is played. */
  openLevel(): PlayedLevel {
    const position = () => ({ played: this.position, silence: this.counters.silence });
    const level = new PlayedLevel(this.#options, position, () => this.#levels.delete(level));
    this.#levels.add(level);
    return level;
  }

  /** Resolves when nothing more is played. */
  pause(fadeMs: number): Promise<void> {
    this.#paused = true;
    return this.#source.pause(fadeMs);
  }

  resume(): void {
    this.#paused = false;
    this.#source.resume();
  }

  /** The engine died with what it had queued: takes a new source. Everything written counts as dropped. */
  renew(): void {
    const counters = this.counters;
    this.#past = { ...counters, dropped: this.#written - counters.played };
    this.#now = nothingPlayed;
    this.#hostWritten = 0;
    this.#converter?.reset();
    this.#dropLevels();
    this.#converting = false;
    this.#stopListening();
    this.#source = this.#createSource();
    if (this.#paused) this.#source.pause(0).catch(() => {});
    this.#stopListening = this.#source.onProgress(this.#progressed);
  }

  close(): void {
    this.#stopListening();
    this.#source.close();
    this.#converter?.close();
  }

  #dropLevels(): void {
    for (const level of this.#levels) level.drop();
  }

  #createSource(): HostAudioSource {
    const { channels, autoSilence, cushionMs, firstCushionMs, host } = this.#options;
    const first = firstCushionMs === undefined ? {} : { firstCushionMs };
    return host.createAudioSource({ sampleRate: this.#hostRate, channels, autoSilence, cushionMs, ...first });
  }

  #send(samples: Int16Array): void {
    this.#hostWritten += samples.length / this.#options.channels;
    if (samples.length > 0) this.#source.write(samples);
  }

  get #allPlayed(): boolean {
    return this.#now.played + this.#now.dropped >= this.#hostWritten;
  }

  /** What follows is continued; counting goes on, so that no number of utterances drifts. */
  #drainConverter(): void {
    if (!this.#converting) return;
    this.#converting = false;
    this.#send(this.#converter!.drain());
  }

  #progressed = (progress: HostAudioProgress): void => {
    this.#now = progress;
    if (this.#converting && this.#runsDry(progress)) this.#drainConverter();
    this.#onProgress();
  };

  /** Whether the host waits for more and nobody writes: what the converter keeps back must not be heard by itself later. */
  #runsDry({ played, dropped, heldBack }: HostAudioProgress): boolean {
    const left = this.#hostWritten - played - dropped;
    return left <= 0 || (left < this.#hostRate / 100 && heldBack - this.#heldBack >= PATIENCE);
  }

  #toDevice(hostSamples: number): number {
    return this.#converter === undefined
      ? hostSamples
      : Math.round((hostSamples * this.#options.sampleRate) / this.#hostRate);
  }
}

/** The same rate if the engine has it, else the next higher one, so that nothing is lost. */
function nearestEngineRate(sampleRate: number): number {
  return engineSampleRates.find((rate) => rate >= sampleRate) ?? engineSampleRates.at(-1)!;
}
