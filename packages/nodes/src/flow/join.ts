import type { ActorContext, Cancel, ControlMessage, Frame, Interruption } from '@sluice/core';
import type { Observable, Subscriber } from 'rxjs';
import { emit } from './emit.ts';
import { InputStreams, type InputStreamsOptions, type StreamInput } from './input-streams.ts';
import { renderReady } from './render-ready.ts';

/** What one output is made of. */
export interface JoinCore {
  /** Whether the next frame can be rendered without waiting for an input. */
  readonly ready: boolean;
  /** Whether everything was rendered. */
  readonly finished: boolean;
  close(): void;
}

/** How frames leave: on the clock, or as soon as every input has brought its part. */
export interface JoinTiming {
  /**
   * On the clock: renders what is due by now, and sets the timer, or the wait for room, that calls `resume`. Absent where
   * the inputs set the pace.
   */
  readonly onClock?: (context: ActorContext, resume: () => void) => Cancel | undefined;
  /** What is waited for before the first frame on the clock. */
  readonly begin?: (context: ActorContext, resume: () => void) => Cancel;
}

export interface JoinOptions<F, I extends StreamInput<F>> extends JoinTiming {
  /** `mix`, as messages and graphs show it. */
  readonly name: string;
  readonly core: JoinCore;
  readonly isOpen?: InputStreamsOptions<I>['isOpen'];
  readonly onInputError: InputStreamsOptions<I>['onInputError'];
  /** The next frame; undefined if there is none after all. */
  readonly render: (context: ActorContext) => F | undefined;
  /** A frame has left. */
  readonly onRendered?: () => void;
  readonly onInterrupt: (interruption: Interruption) => void;
  readonly onControl: (message: ControlMessage) => boolean;
}

/** The end of what joins streams that come and go: subscribes to them, and renders when it is time. */
export class Join<F extends Frame & { close(): void }, I extends StreamInput<F>> {
  readonly #options: JoinOptions<F, I>;
  readonly #streams: InputStreams<F, I>;
  #destination: Subscriber<F> | undefined;
  #context: ActorContext | undefined;
  #pumping = false;
  #cancel: Cancel | undefined;

  constructor(options: JoinOptions<F, I>) {
    this.#options = options;
    const { name, isOpen, onInputError } = options;
    this.#streams = new InputStreams({
      name,
      ...(isOpen === undefined ? {} : { isOpen }),
      onInputError,
      onChange: () => this.pump(),
    });
  }

  /** Whether somebody takes the frames. */
  get open(): boolean {
    return this.#destination !== undefined;
  }

  add(source: Observable<F>, id: string | undefined, create: (id: string) => I): I {
    return this.#streams.add(source, id, create);
  }

  /** An input may have room again, or all of them. */
  wake(input?: I): void {
    this.#streams.wake(input);
  }

  /** The input is gone. */
  disconnect(input: I): void {
    this.#streams.disconnect(input);
  }

  report(error: unknown): void {
    this.#context?.report(error);
  }

  /** The output is subscribed to. */
  start(destination: Subscriber<F>, context: ActorContext): void {
    if (!this.#streams.open(destination, context)) return;
    this.#destination = destination;
    this.#context = context;
    const { onInterrupt, onControl, begin } = this.#options;
    const stopInterrupt = context.onInterrupt(onInterrupt);
    const stopControl = context.onControl(onControl);
    destination.add(() => {
      stopInterrupt();
      stopControl();
      this.#close();
    });
    this.#cancel = begin?.(context, this.#resume);
    this.#streams.connectAll();
    this.pump();
  }

  /** Renders what is to be rendered now. */
  pump(): void {
    if (this.#destination === undefined || this.#pumping || this.#cancel !== undefined) return;
    const { core, onClock } = this.#options;
    const context = this.#context!;
    this.#pumping = true;
    try {
      this.#cancel = onClock === undefined ? this.#renderReady(context) : onClock(context, this.#resume);
    } catch (error) {
      this.#destination?.error(error);
    }
    this.#pumping = false;
    if (core.finished) this.#destination?.complete();
    // A frame that waits for one input lets the others bring more: they may come from the same source.
    else if (onClock === undefined && this.#cancel === undefined) this.#streams.wake();
  }

  /** Renders and emits one frame. */
  render(): void {
    const frame = this.#options.render(this.#context!);
    if (frame === undefined) return;
    emit(this.#destination!, frame);
    this.#options.onRendered?.();
  }

  #renderReady(context: ActorContext): Cancel | undefined {
    const isReady = () => this.#options.core.ready && this.open;
    return renderReady(context, isReady, () => this.render(), this.#resume);
  }

  readonly #resume = (): void => {
    this.#cancel = undefined;
    this.pump();
  };

  #close(): void {
    this.#destination = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#streams.close();
    this.#options.core.close();
  }
}
