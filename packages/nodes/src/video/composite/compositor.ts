// Many pictures become one: the compositor, its inputs, layouts, its node. Joining of any media is in flow.

import { type ControlMessage, checkKeys, pushSource, type Source, type VideoFrame } from '@sluice/core';
import type { Observable } from 'rxjs';
import { Join, type JoinTiming } from '../../flow/join.ts';
import { frameTime } from '../../options/exact-frame-rate.ts';
import { type CompositeInput, type CompositeInputOptions, compositeInputKeys } from './composite-input.ts';
import { type CompositeOptions, compositeKeys, compositeSettings } from './composite-settings.ts';
import { compositorControls } from './compositor-controls.ts';
import { CompositorCore } from './compositor-core.ts';
import type { CompositeLayout } from './layout.ts';
import type { CompositePlace } from './place.ts';

/** A stall longer than this begins the schedule anew, in milliseconds. */
const REANCHOR_MS = 200;

/** Size, rate and layout of a {@link Compositor}, and what it does about an input that fails. */
export interface CompositorOptions extends CompositeOptions {
  /** Called when an input fails: it leaves, the others go on. Without it, the stream fails with the input's error. */
  readonly onInputError?: ((id: string, error: unknown) => void) | undefined;
}

/** How a stream of pictures enters a running composition. */
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
 * wall.output.subscribe(toCamera(device));
 * const ada = wall.add(fromParticipantVideo(client, id));
 * ada.remove();
 * ```
 */
export class Compositor {
  /** The pictures. It ends after `end()`, when every input has ended. */
  readonly output: Source<VideoFrame>;
  readonly #core: CompositorCore;
  readonly #join: Join<VideoFrame, CompositeInput>;
  /** Clock time of media time 0. */
  #anchor = 0;

  constructor(options: CompositorOptions) {
    checkKeys<CompositorOptions>('Compositor', options, { ...compositeKeys, onInputError: true });
    const settings = compositeSettings(options);
    const core = new CompositorCore(settings, 'composite');
    this.#core = core;
    const live = settings.timing === 'clock';
    this.#join = new Join({
      name: 'composite',
      core,
      isOpen: (input) => {
        // What can be asked comes as fast as it is taken, and has no time but that of its timestamps.
        input.keepsTime = true;
        return input.hasRoom;
      },
      onInputError: options.onInputError,
      render: ({ epoch }) => core.render(epoch),
      onRendered: () => this.#join.wake(),
      ...(live ? this.#schedule() : {}),
      onInterrupt: (interruption) => {
        core.interrupt(interruption);
        this.#join.wake();
      },
      onControl: (message) => this.#control(message),
    });
    core.onGone = (input) => this.#join.disconnect(input);
    core.onFault = (error) => this.#join.report(error);
    const { width, height, format } = settings;
    const video = { kind: 'video', width, height, format } as const;
    const spec = { name: 'composite', format: video, live, controls: compositorControls };
    this.output = pushSource(spec, (destination, context) => {
      this.#join.start(destination, context);
      return () => {};
    });
  }

  /**
   * Adds an input, of any format and size. The returned handle moves it, removes it and has its counters.
   * @throws TypeError, RangeError at once for options of the wrong kind or range, or an id that is taken
   */
  add(source: Observable<VideoFrame>, options: AddPictureOptions = {}): CompositeInput {
    checkKeys<AddPictureOptions>('composite input', options, { ...compositeInputKeys, id: true });
    const { id: name, ...place } = options;
    return this.#join.add(source, name, (id) => this.#core.add(id, place));
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
    this.#join.pump();
  }

  #control(message: ControlMessage): boolean {
    if (message.type === 'set-layout') this.#core.setLayout(message.layout as CompositeLayout);
    else if (message.type === 'set-place') {
      const { type: _, input, ...place } = message;
      this.#core.input(String(input)).setPlace(place as CompositePlace);
    } else return false;
    return true;
  }

  /** Pictures leave on an absolute schedule that begins with the subscription, with the background if need be. */
  #schedule(): JoinTiming {
    return {
      // Whoever is added right after the subscription is in the first picture.
      begin: ({ clock }, resume) => {
        this.#anchor = clock.now();
        return clock.at(this.#anchor, resume);
      },
      onClock: ({ clock }, resume) => {
        const now = clock.now();
        if (now - this.#due > REANCHOR_MS) this.#anchor += now - this.#due;
        while (this.#join.open && !this.#core.finished && this.#due <= now) this.#join.render();
        return this.#join.open && !this.#core.finished ? clock.at(this.#due, resume) : undefined;
      },
    };
  }

  /** Clock time of the next picture. */
  get #due(): number {
    return this.#anchor + frameTime(this.#core.index, this.#core.settings.rate) / 1_000;
  }
}
