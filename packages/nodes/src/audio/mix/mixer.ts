import { type ActorContext, type AudioFrame, type Cancel, checkKeys, pushSource, type Source } from '@sluice/core';
import type { Observable, Subscriber } from 'rxjs';
import { emit } from '../../flow/emit.ts';
import { InputStreams } from '../../flow/input-streams.ts';
import { renderReady } from '../../flow/render-ready.ts';
import { MixerCore, type MixerCoreOptions, mixerCoreKeys } from './mixer-core.ts';
import type { MixerInput } from './mixer-input.ts';
import { type MixerInputOptions, mixerInputKeys } from './mixer-input-options.ts';

/** A stall longer than this begins the schedule anew, in milliseconds. */
const REANCHOR_MS = 200;

export interface MixerOptions extends MixerCoreOptions {
  /** Called when an input fails: it leaves the mix, which goes on. Without it, the mix fails with the input's error. */
  readonly onInputError?: (id: string, error: unknown) => void;
}

export interface AddInputOptions extends MixerInputOptions {
  /** The name that ducking and messages use. Default: a number. */
  readonly id?: string;
}

/**
 * A mixer whose inputs come and go while it runs. `mix` is the short form for inputs that are known beforehand, and
 * says how mixing behaves. `output` serves one subscription; inputs that are added before it wait for it.
 *
 * @example
 * ```ts
 * const mixer = new Mixer({ sampleRate: 48000, channels: 2 });
 * mixer.output.subscribe(toMicrophone(mic));
 * const music = mixer.add(fromWavFile('music.wav'), { gainDb: -10, duck: { under: 'speech' } });
 * mixer.add(speech, { id: 'speech' });
 * music.remove({ fadeMs: 500 });
 * ```
 */
export class Mixer {
  /** The mix. It ends after `end()`, when every input has ended. */
  readonly output: Source<AudioFrame>;
  readonly #core: MixerCore;
  readonly #streams: InputStreams<AudioFrame, MixerInput>;
  #destination: Subscriber<AudioFrame> | undefined;
  #context: ActorContext | undefined;
  #pumping = false;
  #cancel: Cancel | undefined;
  /** Clock time of the block that was rendered when the schedule last began, and its index. */
  #anchor = 0;
  #blocks = 0;

  constructor(options: MixerOptions = {}) {
    checkKeys<MixerOptions>('Mixer', options, { ...mixerCoreKeys, onInputError: true });
    this.#core = new MixerCore(options);
    const { onInputError } = options;
    this.#streams = new InputStreams({ name: 'mix', onInputError, onChange: () => this.#pump() });
    this.#core.onRoom = (input) => this.#streams.wake(input);
    this.#core.onGone = (input) => this.#streams.disconnect(input);
    const format = { kind: 'audio', ...this.#core.format } as const;
    this.output = pushSource({ name: 'mix', format, live: this.#core.timing === 'clock' }, (destination, context) =>
      this.#start(destination, context),
    );
  }

  /**
   * Adds an input, of any format. The returned handle sets its gain, removes it and has its counters.
   * @throws TypeError, RangeError at once for options of the wrong kind or range, or an id that is taken
   */
  add(source: Observable<AudioFrame>, options: AddInputOptions = {}): MixerInput {
    checkKeys<AddInputOptions>('mixer input', options, { ...mixerInputKeys, id: true });
    return this.#streams.add(source, options.id, (id) => this.#core.add(id, options));
  }

  /** The input of that name. */
  input(id: string): MixerInput {
    return this.#core.input(id);
  }

  /** No input will be added: the mix ends with its last input. */
  end(): void {
    this.#core.seal();
    this.#pump();
  }

  #start(destination: Subscriber<AudioFrame>, context: ActorContext): () => void {
    if (!this.#streams.open(destination, context)) return () => {};
    this.#destination = destination;
    this.#context = context;
    const stopInterrupt = context.onInterrupt((interruption) => this.#core.interrupt(interruption));
    const stopControl = context.onControl((message) => {
      if (message.type !== 'set-gain') return false;
      const ramp = message.rampMs === undefined ? {} : { rampMs: message.rampMs as number };
      this.#core.input(String(message.input)).setGain(message.db as number, ramp);
      return true;
    });
    destination.add(() => {
      stopInterrupt();
      stopControl();
      this.#close();
    });
    this.#streams.connectAll();
    this.#pump();
    return () => {};
  }

  /** Renders what is to be rendered now. */
  #pump(): void {
    if (this.#destination === undefined || this.#pumping || this.#cancel !== undefined) return;
    this.#pumping = true;
    if (this.#core.timing === 'inputs') this.#pumpByInputs();
    else this.#pumpByClock();
    this.#pumping = false;
    if (this.#core.finished) this.#destination?.complete();
    // A block that waits for one input lets the others bring more: they may come from the same source.
    else if (this.#core.timing === 'inputs' && this.#cancel === undefined) this.#streams.wake();
  }

  #pumpByInputs(): void {
    const isReady = () => this.#core.ready && this.#destination !== undefined;
    this.#cancel = renderReady(this.#context!, isReady, () => this.#render(), this.#resume);
  }

  /** Blocks leave on an absolute schedule that begins with the first frame of any input, one block behind it. */
  #pumpByClock(): void {
    const { clock } = this.#context!;
    if (!this.#core.started || this.#core.finished) return;
    const blockMs = (this.#core.blockLength * 1000) / this.#core.format.sampleRate;
    const now = clock.now();
    if (this.#blocks === 0) {
      this.#anchor = now;
      this.#blocks = 1;
    }
    if (now - (this.#anchor + this.#blocks * blockMs) > REANCHOR_MS) {
      this.#anchor = now - blockMs;
      this.#blocks = 1;
    }
    while (this.#destination !== undefined && this.#anchor + this.#blocks * blockMs <= now) {
      // Behind a link that holds back: what waits stays with the inputs, each by its own bound.
      if (!this.#context!.hasRoom) {
        this.#cancel = this.#context!.whenRoom(this.#resume);
        return;
      }
      this.#blocks++;
      this.#render();
    }
    if (this.#destination !== undefined && !this.#core.finished)
      this.#cancel = clock.at(this.#anchor + this.#blocks * blockMs, this.#resume);
  }

  readonly #resume = (): void => {
    this.#cancel = undefined;
    this.#pump();
  };

  #render(): void {
    const frame = this.#core.render();
    if (frame !== undefined) emit(this.#destination!, frame);
  }

  #close(): void {
    this.#destination = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#streams.close();
    this.#core.close();
  }
}
