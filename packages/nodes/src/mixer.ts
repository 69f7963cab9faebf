import {
  type ActorContext,
  type AudioFrame,
  type Cancel,
  CreditContext,
  createOperator,
  invalidArgument,
  pushSource,
  SluiceError,
  type Source,
  withContext,
} from '@sluice/core';
import type { Observable, Subscriber, Subscription } from 'rxjs';
import { emit } from './emit.ts';
import { MixerCore, type MixerCoreOptions } from './mixer-core.ts';
import type { MixerInput, MixerInputOptions } from './mixer-input.ts';

/** A stall longer than this begins the schedule anew, in milliseconds. */
const REANCHOR_MS = 200;
/** How long blocks are rendered without a break when the inputs set the pace, in milliseconds. */
const SLICE_MS = 3;

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
  readonly #onInputError: ((id: string, error: unknown) => void) | undefined;
  readonly #sources = new Map<string, { readonly source: Observable<AudioFrame>; readonly input: MixerInput }>();
  readonly #credits = new Map<string, CreditContext>();
  readonly #subscriptions = new Map<string, Subscription>();
  #nextId = 0;
  #destination: Subscriber<AudioFrame> | undefined;
  #context: ActorContext | undefined;
  #used = false;
  #pumping = false;
  #cancel: Cancel | undefined;
  /** Clock time of the block that was rendered when the schedule last began, and its index. */
  #anchor = 0;
  #blocks = 0;

  constructor(options: MixerOptions = {}) {
    this.#core = new MixerCore(options);
    this.#core.onRoom = (id) => this.#credits.get(id)?.wake();
    this.#core.onGone = (id) => this.#disconnect(id);
    this.#onInputError = options.onInputError;
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
    if (typeof source?.subscribe !== 'function') throw invalidArgument('mix.source', 'an Observable of frames', source);
    const id = options.id ?? String(this.#nextId++);
    const input = this.#core.add(id, options);
    this.#sources.set(id, { source, input });
    if (this.#destination !== undefined) this.#connect(id);
    return input;
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
    if (this.#used) {
      destination.error(
        new SluiceError('SLUICE_SUBSCRIBED_TWICE', 'the output of a mixer serves one subscription', {
          fix: 'Share it with `tee`',
        }),
      );
      return () => {};
    }
    this.#used = true;
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
    for (const id of [...this.#sources.keys()]) if (!destination.closed) this.#connect(id);
    this.#pump();
    return () => {};
  }

  #connect(id: string): void {
    const { source, input } = this.#sources.get(id)!;
    this.#sources.delete(id);
    const credit = new CreditContext(this.#context!, { isOpen: () => input.hasRoom, apart: true });
    this.#credits.set(id, credit);
    const intake = createOperator<AudioFrame, never>({ name: 'mix input' }, (end) => {
      this.#subscriptions.set(id, end);
      return {
        next: (frame) => {
          input.push(frame);
          this.#pump();
        },
        complete: () => {
          input.end();
          this.#pump();
          end.complete();
        },
      };
    });
    withContext(credit, () => source.pipe(intake).subscribe({ error: (error) => this.#inputFailed(input, error) }));
  }

  #disconnect(id: string): void {
    this.#subscriptions.get(id)?.unsubscribe();
    this.#subscriptions.delete(id);
    this.#credits.delete(id);
  }

  #inputFailed(input: MixerInput, error: unknown): void {
    if (this.#onInputError === undefined) {
      this.#destination?.error(error);
      return;
    }
    input.end();
    try {
      this.#onInputError(input.id, error);
    } catch (thrown) {
      this.#context?.report(thrown);
    }
    this.#pump();
  }

  /** Renders what is to be rendered now. */
  #pump(): void {
    if (this.#destination === undefined || this.#pumping || this.#cancel !== undefined) return;
    this.#pumping = true;
    if (this.#core.timing === 'inputs') this.#pumpByInputs();
    else this.#pumpByClock();
    this.#pumping = false;
    if (this.#core.finished) this.#destination?.complete();
  }

  #pumpByInputs(): void {
    const context = this.#context!;
    // Real time on purpose: the slice protects the event loop, also while a virtual clock stands still.
    const sliceEnd = performance.now() + SLICE_MS;
    while (this.#core.ready && this.#destination !== undefined) {
      if (!context.hasRoom) {
        this.#cancel = context.whenRoom(this.#resume);
        return;
      }
      this.#render();
      if (performance.now() > sliceEnd) {
        this.#cancel = () => {};
        context.clock.track(new Promise<void>((resolve) => setImmediate(resolve))).then(this.#resume, this.#resume);
        return;
      }
    }
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
    for (const subscription of this.#subscriptions.values()) subscription.unsubscribe();
    this.#subscriptions.clear();
    this.#credits.clear();
    this.#core.close();
  }
}
