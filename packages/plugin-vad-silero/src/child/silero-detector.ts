import type { Vad } from 'sherpa-onnx-node';
import { windowLength } from '../messages.ts';

/** Samples before a window that Silero also hears. Without them v6 is deaf. */
const contextLength = 64;

/** Longer than any call: sherpa would otherwise raise its threshold in a long speech. In seconds. */
const neverSeconds = 1e6;

/** Shorter than a window, since sherpa's own waiting is not wanted; 0 would be its default. In seconds. */
const atOnceSeconds = 0.001;

/** Silero in sherpa-onnx, for one session: whether somebody speaks, window by window. */
export class SileroDetector {
  readonly #Vad: typeof Vad;
  readonly #model: string;
  readonly #samples = new Float32Array(windowLength);
  #vad: Vad;

  constructor(Detector: typeof Vad, model: string, threshold: number) {
    this.#Vad = Detector;
    this.#model = model;
    this.#vad = this.#make(threshold);
  }

  setThreshold(threshold: number): void {
    this.#vad = this.#make(threshold);
  }

  /** Forgets all that was heard. */
  begin(): void {
    this.#vad.reset();
    this.#prime();
  }

  /** 1 for each window of the samples in which somebody speaks. Both a voice and its end show one window late. */
  hear(windows: Int16Array): Uint8Array {
    const voiced = new Uint8Array(windows.length / windowLength);
    for (let index = 0; index < voiced.length; index++) {
      for (let sample = 0; sample < windowLength; sample++)
        this.#samples[sample] = windows[index * windowLength + sample]! / 32_768;
      // One window a call: in larger pieces sherpa misses speech.
      this.#vad.acceptWaveform(this.#samples);
      voiced[index] = this.#vad.isDetected() ? 1 : 0;
      // It keeps the sound of a speech until that ends; nobody wants it.
      this.#vad.flush();
      this.#vad.clear();
    }
    return voiced;
  }

  /** The context of the first window, so that each further one is judged when its last sample is there. */
  #prime(): void {
    this.#vad.acceptWaveform(new Float32Array(contextLength));
  }

  #make(threshold: number): Vad {
    const times = {
      minSpeechDuration: atOnceSeconds,
      minSilenceDuration: atOnceSeconds,
      maxSpeechDuration: neverSeconds,
    };
    const sileroVad = { model: this.#model, threshold, windowSize: windowLength, ...times };
    this.#vad = new this.#Vad({ sileroVad, sampleRate: 16_000, numThreads: 1, provider: 'cpu', debug: false }, 2);
    this.#prime();
    return this.#vad;
  }
}
