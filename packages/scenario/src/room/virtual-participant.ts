import { type AudioFrame, type Clock, checkKeys, invalidArgument, outOfRange, type Source } from '@sluice/core';
import { fromDbfs, seededRandom } from '@sluice/core/testing';
import type { MicrophoneDeviceOptions } from '@sluice/transport';
import { type VirtualDevices, virtualDevices } from '@sluice/transport/testing';
import { MicrophoneVoice } from './microphone-voice.ts';
import { SampleLine } from './sample-line.ts';
import { type EarListener, earSource } from './virtual-ears.ts';
import { mixInto, PendingSounds } from './voice-mix.ts';

/** Whom a virtual participant hears, and in which frames. */
export interface HearsOptions {
  /** Whom to hear. Default: everybody else, mixed. */
  readonly from?: string;
  /** Length of a frame in milliseconds, 10 or 20. Default 20. */
  readonly frameMs?: 10 | 20;
}

/** Noise of a microphone. */
export interface NoiseOptions {
  /** How far below the voice it lies, in dB. */
  readonly snrDb: number;
  /** Level of the voice, in dBFS. Default -20; in a scenario that of what the person says. */
  readonly voiceDbfs?: number;
}

/** What a microphone hears of its own speaker. */
export interface EchoOptions {
  /** Of what is heard, in dB: -20 is a quiet room, -6 a bad one. */
  readonly gainDb: number;
  /** From the speaker to the microphone, in milliseconds, 10 to 1,000. Default 40. */
  readonly delayMs?: number;
}

/** When a sound was said, on the clock of its room. */
export interface PlacedSound {
  /** On the clock, in milliseconds: the first sample, and the end of the last. */
  readonly startMs: number;
  /** The end of the last sample, in milliseconds on the clock. */
  readonly endMs: number;
}

/** What a participant needs of its room. */
export interface ParticipantPlace {
  readonly clock: Clock;
  readonly startMs: number;
  readonly sampleRate: number;
  readonly seed: number;
  readonly keep: boolean;
}

/** Noise repeats after so many samples, from a random place each 10 ms. */
const NOISE_LENGTH = 1 << 15;

/** Somebody in a virtual room. Made by `room.join`. */
export class VirtualParticipant {
  readonly name: string;
  /** Devices of its own: `participant.devices.createMicrophoneDevice('voice')` is heard by everybody else. */
  readonly devices: VirtualDevices;
  /** What it sent and heard, from the beginning of the room on. */
  readonly sent: SampleLine;
  readonly heard: SampleLine;
  readonly #place: ParticipantPlace;
  readonly #sounds = new PendingSounds();
  readonly #random: () => number;
  readonly #ears = new Map<EarListener, { readonly from: string | undefined; readonly ended: () => void }>();
  readonly #leaves: () => void;
  #noise: Int16Array | undefined;
  #echo: { readonly gain: number; readonly lag: number } | undefined;
  /** What it heard in the last second, for the echo. */
  readonly #memory: Int16Array;
  #present = true;
  /** The next sample that it sends. */
  #position: number;

  constructor(name: string, place: ParticipantPlace, leaves: () => void) {
    const { clock, startMs, sampleRate, seed } = place;
    this.name = name;
    this.#place = place;
    this.#leaves = leaves;
    this.#position = Math.floor(((clock.now() - startMs) * sampleRate) / 1_000);
    this.#random = seededRandom(seed);
    this.sent = new SampleLine(sampleRate);
    this.heard = new SampleLine(sampleRate);
    this.#memory = new Int16Array(2 * sampleRate);
    const voice = new MicrophoneVoice(clock, startMs, sampleRate, this.#sounds);
    this.devices = virtualDevices({ clock, keep: false, onSound: voice.take });
  }

  get present(): boolean {
    return this.#present;
  }

  /** A microphone of the room's rate, heard by everybody else. */
  createMicrophone(options: MicrophoneDeviceOptions = {}) {
    return this.devices.createMicrophoneDevice(this.name, { sampleRate: this.#place.sampleRate, ...options });
  }

  /**
   * What it hears, as a source at the room's rate, one channel. A sample that somebody sends at one moment is in the frame
   * that holds that moment and the network's delay, to the sample. Emits nothing while there is nobody; the next frame
   * tells the gap. Completes when the participant leaves.
   *
   * @throws TypeError for options that do not exist
   */
  hears(options: HearsOptions = {}): Source<AudioFrame> {
    checkKeys<HearsOptions>('hears', options, { from: true, frameMs: true });
    const { from, frameMs = 20 } = options;
    if (frameMs !== 10 && frameMs !== 20) throw invalidArgument('frameMs', '10 or 20', frameMs);
    return earSource(`${this.name} hears ${from ?? 'all'}`, this.#place.sampleRate, frameMs / 10, (listener, ended) => {
      if (!this.#present) ended();
      else this.#ears.set(listener, { from, ended });
      return () => this.#ears.delete(listener);
    });
  }

  /**
   * Speaks samples of the room's rate at a moment of the clock, to the sample, without a device. Several sounds mix.
   *
   * @throws RangeError for a moment that is over
   */
  place(samples: Int16Array, atMs: number): PlacedSound {
    const { startMs, sampleRate } = this.#place;
    const at = Math.round(((atMs - startMs) * sampleRate) / 1_000);
    const toMs = (index: number) => startMs + (index * 1_000) / sampleRate;
    if (!(at >= this.#position)) throw outOfRange('atMs', `${toMs(this.#position)} ms or later`, atMs);
    this.#sounds.add(at, samples);
    return { startMs: toMs(at), endMs: toMs(at + samples.length) };
  }

  /** Cuts what was placed, from now on, over 5 ms. */
  hush(): void {
    const { sampleRate } = this.#place;
    this.#sounds.cut(this.#position + sampleRate / 200, sampleRate / 200);
  }

  /** Noise in its microphone from now on; `undefined` ends it. */
  noise(options: NoiseOptions | undefined): void {
    this.#noise = undefined;
    if (options === undefined) return;
    checkKeys<NoiseOptions>('noise', options, { snrDb: true, voiceDbfs: true });
    const { snrDb, voiceDbfs = -20 } = options;
    if (!(snrDb >= -20 && snrDb <= 100)) throw outOfRange('snrDb', '-20 to 100 dB', snrDb);
    if (!(voiceDbfs >= -80 && voiceDbfs <= 0)) throw outOfRange('voiceDbfs', '-80 to 0 dBFS', voiceDbfs);
    // Uniform numbers from -1 to 1 have an RMS of 1 / sqrt(3).
    const peak = fromDbfs(voiceDbfs - snrDb) * Math.sqrt(3);
    this.#noise = Int16Array.from({ length: NOISE_LENGTH }, () =>
      Math.max(-32_768, Math.min(32_767, Math.round(peak * (2 * this.#random() - 1)))),
    );
  }

  /** What it hears comes back through its microphone from now on; `undefined` ends it. */
  echo(options: EchoOptions | undefined): void {
    this.#echo = undefined;
    if (options === undefined) return;
    checkKeys<EchoOptions>('echo', options, { gainDb: true, delayMs: true });
    const { gainDb, delayMs = 40 } = options;
    if (!(gainDb >= -100 && gainDb <= 20)) throw outOfRange('gainDb', '-100 to 20 dB', gainDb);
    if (!(delayMs >= 10 && delayMs <= 1_000)) throw outOfRange('delayMs', '10 to 1000 ms', delayMs);
    this.#echo = { gain: 10 ** (gainDb / 20), lag: Math.round((delayMs * this.#place.sampleRate) / 1_000) };
  }

  /** Goes: its devices end, and its ears complete. */
  async leave(): Promise<void> {
    if (!this.#present) return;
    this.#present = false;
    this.#leaves();
    for (const { ended } of [...this.#ears.values()]) ended();
    this.#ears.clear();
    await this.devices.close();
  }

  /** For the room: what it sends from an index on. */
  speakBlock(at: number, length: number): Int16Array {
    const block = new Int16Array(length);
    this.#position = at + length;
    this.#sounds.mixInto(block, at);
    if (this.#echo !== undefined) {
      const { gain, lag } = this.#echo;
      const size = this.#memory.length;
      const past = Int16Array.from({ length }, (_, index) => this.#memory[(at - lag + index + size) % size]!);
      mixInto(block, past, 0, gain);
    }
    if (this.#noise !== undefined) {
      const from = Math.floor(this.#random() * (NOISE_LENGTH - length));
      mixInto(block, this.#noise.subarray(from, from + length), 0);
    }
    if (this.#place.keep) this.sent.write(at, block);
    return block;
  }

  /** For the room: what it hears from an index on, of each and mixed. */
  hearBlock(at: number, mix: Int16Array, of: ReadonlyMap<string, Int16Array>): void {
    if (this.#place.keep) this.heard.write(at, mix);
    for (let index = 0; index < mix.length; index++) this.#memory[(at + index) % this.#memory.length] = mix[index]!;
    const everybody = of.size === 0 ? undefined : mix;
    for (const [listener, { from }] of [...this.#ears]) listener(from === undefined ? everybody : of.get(from));
  }
}
