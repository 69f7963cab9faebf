import { AudioFrame, pushSource, type Source, samplesToMicros } from '@sluice/core';

const FRAME_MS = 20;
const RATES = [48_000, 44_100, 16_000, 8_000] as const;
/** Milliseconds of speech, then of silence. */
const SAYS_MS = 1_500;
const RESTS_MS = 500;
const LOUD = 6_000;

/**
 * Somebody who speaks for a second and a half of every two, as a live source whose microphone starves, changes its format
 * and runs by a clock of its own. Each utterance has an id.
 */
export class FaultyVoice {
  /** Of the clock that it is made with, against that of the graph. */
  ppm = 0;
  starving = false;
  /** Called when an utterance begins. */
  onUtterance: (id: string) => void = () => {};
  frames = 0;
  #format = { sampleRate: 48_000, channels: 1 };
  #changes = 0;
  readonly #startMs: number;

  /** `startMs`: media time of the first sample. */
  constructor(startMs = 0) {
    this.#startMs = startMs;
  }

  changeFormat(choice: number): void {
    const sampleRate = RATES[Math.floor(choice * RATES.length)]!;
    this.#format = { sampleRate, channels: 1 + (++this.#changes % 2) };
  }

  source(): Source<AudioFrame> {
    return pushSource<AudioFrame>({ name: 'voice', live: true }, (destination, { clock }) => {
      let index = 0;
      let due = clock.now() + FRAME_MS;
      let said = '';
      const tick = () => {
        const at = this.#startMs + index++ * FRAME_MS;
        due += FRAME_MS * (1 + this.ppm / 1e6);
        // Before the frame goes out: who has enough of it cancels this one too.
        cancel = clock.at(due, tick);
        if (!this.starving) {
          const turn = Math.floor(at / (SAYS_MS + RESTS_MS));
          const speaks = at % (SAYS_MS + RESTS_MS) < SAYS_MS;
          const id = `${turn}`;
          if (speaks && id !== said) this.onUtterance(id);
          if (speaks) said = id;
          this.frames++;
          destination.next(this.#frame(at, speaks, id));
        }
      };
      let cancel = clock.at(due, tick);
      return () => cancel();
    });
  }

  #frame(atMs: number, speaks: boolean, id: string): AudioFrame {
    const { sampleRate, channels } = this.#format;
    const samples = speaks ? tone(sampleRate, channels) : new Int16Array(((sampleRate * FRAME_MS) / 1_000) * channels);
    const timestamp = samplesToMicros((atMs * sampleRate) / 1_000, sampleRate);
    return new AudioFrame({ samples, sampleRate, channels, timestamp, ...(speaks && { utterance: id }) });
  }
}

const tones = new Map<string, Int16Array>();

/** 500 Hz: ten periods a frame, at every rate. */
function tone(sampleRate: number, channels: number): Int16Array {
  const key = `${sampleRate} ${channels}`;
  let samples = tones.get(key);
  if (samples === undefined) {
    const step = (2 * Math.PI * 500) / sampleRate;
    samples = new Int16Array(((sampleRate * FRAME_MS) / 1_000) * channels);
    for (let i = 0; i < samples.length; i++) samples[i] = LOUD * Math.sin(step * Math.floor(i / channels));
    tones.set(key, samples);
  }
  return samples.slice();
}
