import type { AudioFrame } from '@sluice/core';
import { type SessionContext, type SessionHandlers, SpeechSwitch, type VoiceDetectorEvent } from '@sluice/core/voice';
import { returnProcess } from './host/shared-process.ts';
import type { SileroProcess } from './host/silero-process.ts';
import { windowLength } from './messages.ts';
import { refuseSound } from './refuse-sound.ts';
import type { SileroSettings } from './silero-settings.ts';
import { WindowCutter, windowMicros } from './window-cutter.ts';

/** Samples that are sent at once, a second, so that sessions take turns. */
const mostAtOnce = 31 * windowLength;
/** Samples that may be unanswered before the writer has to wait: two seconds. */
const mostUnheard = 62 * windowLength;

/** One conversation: sound in windows, through the process that listens, to speech and silence in turns. */
export class SileroSession implements SessionHandlers<AudioFrame> {
  readonly #context: SessionContext<VoiceDetectorEvent, SileroSettings>;
  readonly #model: string;
  readonly #process: SileroProcess;
  readonly #session: number;
  readonly #cutter = new WindowCutter();
  readonly #speech: SpeechSwitch;
  #threshold: number;
  /** Whether what is sent next does not follow on what was sent before. */
  #begins = false;
  #wasVoiced = false;
  #unheard = 0;
  /** Settles when everything that was sent has been answered; never rejects. */
  #last: Promise<void> = Promise.resolve();

  constructor(process: SileroProcess, model: string, context: SessionContext<VoiceDetectorEvent, SileroSettings>) {
    this.#context = context;
    this.#model = model;
    this.#process = process;
    this.#threshold = context.settings.threshold;
    this.#session = process.open(this.#threshold);
    this.#speech = new SpeechSwitch(context.emit);
  }

  write(frame: AudioFrame): void | Promise<void> {
    refuseSound(frame);
    if (this.#cutter.isHole(frame)) this.#break(frame);
    const { samples, from } = this.#cutter.take(frame);
    for (let at = 0; at < samples.length; at += mostAtOnce)
      this.#send(samples.slice(at, at + mostAtOnce), from + (at / windowLength) * windowMicros);
    if (this.#unheard > mostUnheard) return this.#last;
  }

  flush(): Promise<void> {
    return this.#last;
  }

  onUpdate(): void {
    const { threshold } = this.#context.settings;
    if (threshold === this.#threshold) return;
    this.#threshold = threshold;
    this.#process.setThreshold(this.#session, threshold);
  }

  async close(): Promise<void> {
    this.#process.close(this.#session);
    await returnProcess(this.#model, this.#process);
  }

  #break(frame: AudioFrame): void {
    const end = this.#cutter.position;
    this.#cutter.begin(frame);
    this.#begins = true;
    this.#last = this.#last.then(() => {
      this.#speech.end(end);
      this.#wasVoiced = false;
    });
  }

  #send(samples: Int16Array, from: number): void {
    const { clock, settings, fail } = this.#context;
    this.#unheard += samples.length;
    const reply = this.#process.hear(this.#session, samples, this.#begins);
    this.#begins = false;
    const told = Promise.all([reply, this.#last]).then(([voiced]) => {
      this.#unheard -= samples.length;
      this.#tell(voiced, from, settings);
    });
    this.#last = clock.track(told.catch(fail));
  }

  #tell(voiced: Uint8Array, first: number, settings: SileroSettings): void {
    for (const [index, value] of voiced.entries()) {
      const isVoiced = value === 1;
      const from = first + index * windowMicros;
      // sherpa says both in the second window: of a voice, and without one.
      const began = isVoiced && !this.#wasVoiced ? from - windowMicros : from;
      if (!isVoiced && this.#wasVoiced) this.#speech.retract(from - windowMicros);
      this.#wasVoiced = isVoiced;
      this.#speech.take(isVoiced, began, from + windowMicros, settings);
    }
  }
}
