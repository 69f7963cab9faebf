import { AudioFrame, type Clock, micros, samplesToMicros } from '@sluice/core';

/** Frames of this length go to the device, in milliseconds. */
const FRAME_MS = 20;
/** After a gap of this length the device may take what it had for all there is: what follows has an id of its own. */
const GAP_MS = 100;

export interface ReplyAudioOptions {
  readonly clock: Clock;
  /** The most that may wait to be heard, in milliseconds. */
  readonly mostMs: number;
  /** So much has to be there before it begins, and again after a gap, in milliseconds. */
  readonly leadMs: number;
  /** A stretch without a gap begins to go to the device; its frames carry `part`. */
  readonly onPart: (id: string, part: string) => void;
  /** All that there is of it went to the device. */
  readonly onGiven: (id: string) => void;
}

/** Sound of a model as it comes. */
export interface ReplySound {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly channels: number;
}

interface Voice {
  readonly id: string;
  readonly sounds: ReplySound[];
  /** Samples of the first that went to the device. */
  taken: number;
  waitingMs: number;
  ended: boolean;
  parts: number;
}

/**
 * The sound of replies between a model, which makes it faster than it is heard and in bursts, and the device, which asks for it
 * frame by frame. Nothing that was taken is dropped, other than by an interruption.
 */
export class ReplyAudio {
  readonly #options: ReplyAudioOptions;
  readonly #voices: Voice[] = [];
  #waitingMs = 0;
  #closed = false;
  #wake: (() => void) | undefined;
  /** Behind the last sample that went to the device, in microseconds. */
  #position = 0;

  constructor(options: ReplyAudioOptions) {
    this.#options = options;
  }

  /** How much waits, in milliseconds. */
  get waitingMs(): number {
    return this.#waitingMs;
  }

  begin(id: string): void {
    this.#voices.push({ id, sounds: [], taken: 0, waitingMs: 0, ended: false, parts: 0 });
  }

  /** More of it. False if that is more than may wait: none of it was taken. */
  push(id: string, sound: ReplySound): boolean {
    const voice = this.#voices.find((one) => one.id === id && !one.ended);
    if (voice === undefined || sound.samples.length === 0) return true;
    const ms = msOf(sound.samples.length, sound);
    if (this.#waitingMs + ms > this.#options.mostMs) return false;
    voice.sounds.push(sound);
    voice.waitingMs += ms;
    this.#waitingMs += ms;
    this.#stir();
    return true;
  }

  /** No more of it comes. */
  end(id: string): void {
    const voice = this.#voices.find((one) => one.id === id);
    if (voice === undefined) return;
    voice.ended = true;
    this.#stir();
  }

  /** Drops what waits of it. */
  remove(id: string): void {
    const index = this.#voices.findIndex((one) => one.id === id);
    if (index < 0) return;
    const [voice] = this.#voices.splice(index, 1);
    this.#waitingMs -= voice!.waitingMs;
    this.#stir();
  }

  /** Drops everything. */
  drop(): void {
    this.#voices.length = 0;
    this.#waitingMs = 0;
    this.#stir();
  }

  close(): void {
    this.drop();
    this.#closed = true;
    this.#stir();
  }

  /** Frames as the device has room for them, on one timeline. Ends with `close`. */
  async *frames(): AsyncGenerator<AudioFrame, void, undefined> {
    const { clock, onPart, onGiven } = this.#options;
    let part = '';
    while (!this.#closed) {
      const voice = this.#voices[0];
      const since = clock.now();
      if (voice?.ended && voice.sounds.length === 0) {
        this.#voices.shift();
        onGiven(voice.id);
        continue;
      }
      if (voice === undefined || !this.#isReady(voice, part)) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        if (clock.now() - since >= GAP_MS) part = '';
        continue;
      }
      if (!part.startsWith(`${voice.id}.`)) {
        part = `${voice.id}.${++voice.parts}`;
        onPart(voice.id, part);
      }
      yield this.#take(voice, part);
    }
  }

  #isReady(voice: Voice, part: string): boolean {
    if (voice.ended) return true;
    const { leadMs } = this.#options;
    const isUnderWay = part.startsWith(`${voice.id}.`);
    return voice.waitingMs >= Math.max(FRAME_MS, isUnderWay ? 0 : leadMs);
  }

  /** The next frame: shorter only where the sound ends or changes its format. */
  #take(voice: Voice, utterance: string): AudioFrame {
    const { sampleRate, channels } = voice.sounds[0]!;
    const wanted = Math.round((sampleRate * FRAME_MS) / 1_000) * channels;
    const samples = new Int16Array(wanted);
    let filled = 0;
    for (let sound = voice.sounds[0]; sound !== undefined && filled < wanted; sound = voice.sounds[0]) {
      if (sound.sampleRate !== sampleRate || sound.channels !== channels) break;
      const rest = sound.samples.subarray(voice.taken, voice.taken + wanted - filled);
      samples.set(rest, filled);
      filled += rest.length;
      voice.taken += rest.length;
      if (voice.taken < sound.samples.length) break;
      voice.sounds.shift();
      voice.taken = 0;
    }
    const ms = msOf(filled, { sampleRate, channels });
    voice.waitingMs -= ms;
    this.#waitingMs -= ms;
    const timestamp = micros(this.#position);
    this.#position += samplesToMicros(filled / channels, sampleRate);
    return new AudioFrame({ samples: samples.subarray(0, filled), sampleRate, channels, timestamp, utterance });
  }

  #stir(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

function msOf(
  samples: number,
  { sampleRate, channels }: { readonly sampleRate: number; readonly channels: number },
): number {
  return (samples * 1_000) / channels / sampleRate;
}
