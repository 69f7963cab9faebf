import { type ActorContext, type Cancel, checkKeys, pushSource, type Source, type VideoFrame } from '@sluice/core';
import type { Observable, Subscriber } from 'rxjs';
import { emit } from '../../flow/emit.ts';
import { InputStreams } from '../../flow/input-streams.ts';
import { renderReady } from '../../flow/render-ready.ts';
import { frameTime } from '../../options/exact-frame-rate.ts';
import { type CompositeInput, type CompositeInputOptions, compositeInputKeys } from './composite-input.ts';
import { type CompositeOptions, compositeKeys, compositeSettings } from './composite-settings.ts';
import { CompositorCore } from './compositor-core.ts';
import type { CompositeLayout } from './layout.ts';
import type { CompositePlace } from './place.ts';

/** A stall longer than this begins the schedule anew, in milliseconds. */
const REANCHOR_MS = 200;

export interface CompositorOptions extends CompositeOptions {
  /** Called when an input fails: it leaves, the others go on. Without it, the stream fails with the input's error. */
  readonly onInputError?: ((id: string, error: unknown) => void) | undefined;
}

export interface AddPictureOptions extends CompositeInputOptions {
  /** The name that layouts and messages use. Default: a number. */
  readonly id?: string | undefined;
}

/**
 * `composite` without a graph, and says for it how a class is used: inputs come and go while it runs. `output` serves
 * one subscription; inputs that are added before it wait for it. After `end()` it ends with its last input.
 *
 * @example
 * ```ts
 * const wall = new Compositor({ width: 1280, height: 720, frameRate: 25 });
 * wall.output.subscribe(toCamera(camera));
 * const ada = wall.add(fromParticipantVideo(client, adaId));
 * ada.remove();
 * ```
 */
export class Compositor {
  /** The pictures. It ends after `end()`, when every input has ended. */
  readonly output: Source<VideoFrame>;
  readonly #core: CompositorCore;
  readonly #streams: InputStreams<VideoFrame, CompositeInput>;
  #destination: Subscriber<VideoFrame> | undefined;
  #context: ActorContext | undefined;
  #pumping = false;
  #cancel: Cancel | undefined;
  /** Clock time of media time 0. */
  #anchor = 0;

  constructor(options: CompositorOptions) {
    checkKeys<CompositorOptions>('Compositor', options, { ...compositeKeys, onInputError: true });
    const settings = compositeSettings(options);
    this.#core = new CompositorCore(settings, 'composite');
    this.#core.onGone = (input) => this.#streams.disconnect(input);
    this.#core.onFault = (error) => this.#context?.report(error);
    const isOpen = (input: CompositeInput) => {
      // What can be asked comes as fast as it is taken, and has no time but that of its timestamps.
      input.keepsTime = true;
      return input.hasRoom;
    };
    const { onInputError } = options;
    this.#streams = new InputStreams({ name: 'composite', isOpen, onInputError, onChange: () => this.#pump() });
    const { width, height, format, timing } = settings;
    const spec = {
      name: 'composite',
      format: { kind: 'video', width, height, format } as const,
      live: timing === 'clock',
    };
    this.output = pushSource(spec, (destination, context) => this.#start(destination, context));
  }

  /**
   * Adds an input, of any format and size. The returned handle moves it, removes it and has its counters.
   * @throws TypeError, RangeError at once for options of the wrong kind or range, or an id that is taken
   */
  add(source: Observable<VideoFrame>, options: AddPictureOptions = {}): CompositeInput {
    checkKeys<AddPictureOptions>('composite input', options, { ...compositeInputKeys, id: true });
    const { id: name, ...place } = options;
    return this.#streams.add(source, name, (id) => this.#core.add(id, place));
  }

  /** The input of that name. */
  input(id: string): CompositeInput {
    return this.#core.input(id);
  }

  /** Arranges the inputs anew, from the next picture on. */
  setLayout(layout: CompositeLayout): void {
    this.#core.setLayout(layout);
  }

  /** No input will be added: the stream ends with its last input. */
  end(): void {
    this.#core.seal();
    this.#pump();
  }

  #start(destination: Subscriber<VideoFrame>, context: ActorContext): () => void {
    if (!this.#streams.open(destination, context)) return () => {};
    this.#destination = destination;
    this.#context = context;
    this.#anchor = context.clock.now();
    const stopInterrupt = context.onInterrupt((interruption) => {
      this.#core.interrupt(interruption);
      this.#streams.wake();
    });
    const stopControl = context.onControl((message) => {
      if (message.type === 'set-layout') this.#core.setLayout(message.layout as CompositeLayout);
      else if (message.type === 'set-place') {
        const { type: _, input, ...place } = message;
        this.#core.input(String(input)).setPlace(place as CompositePlace);
      } else return false;
      return true;
    });
    destination.add(() => {
      stopInterrupt();
      stopControl();
      this.#close();
    });
    // Whoever is added right after the subscription is in the first picture.
    if (this.#core.settings.timing === 'clock') this.#cancel = context.clock.at(this.#anchor, this.#resume);
    this.#streams.connectAll();
    this.#pump();
    return () => {};
  }

  /** Draws what is to be drawn now. */
  #pump(): void {
    if (this.#destination === undefined || this.#pumping || this.#cancel !== undefined) return;
    this.#pumping = true;
    try {
      if (this.#core.settings.timing === 'inputs') this.#pumpByInputs();
      else this.#pumpByClock();
    } catch (error) {
      this.#destination?.error(error);
    }
    this.#pumping = false;
    if (this.#core.finished) this.#destination?.complete();
    // A picture that waits for one input lets the others bring more: they may come from the same source.
    else if (this.#core.settings.timing === 'inputs' && this.#cancel === undefined) this.#streams.wake();
  }

  #pumpByInputs(): void {
    const isReady = () => this.#core.ready && this.#destination !== undefined;
    this.#cancel = renderReady(this.#context!, isReady, () => this.#render(), this.#resume);
  }

  /** Pictures leave on an absolute schedule that begins with the subscription, with the background if need be. */
  #pumpByClock(): void {
    const { clock } = this.#context!;
    const now = clock.now();
    if (now - this.#due > REANCHOR_MS) this.#anchor += now - this.#due;
    while (this.#destination !== undefined && !this.#core.finished && this.#due <= now) this.#render();
    if (this.#destination !== undefined && !this.#core.finished) this.#cancel = clock.at(this.#due, this.#resume);
  }

  /** Clock time of the next picture. */
  get #due(): number {
    return this.#anchor + frameTime(this.#core.index, this.#core.settings.rate) / 1_000;
  }

  readonly #resume = (): void => {
    this.#cancel = undefined;
    this.#pump();
  };

  #render(): void {
    emit(this.#destination!, this.#core.render(this.#context!.epoch));
    this.#streams.wake();
  }

  #close(): void {
    this.#destination = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#streams.close();
    this.#core.close();
  }
}
