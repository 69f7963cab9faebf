// Many sounds become one: the mixer, its inputs, ducking, its node. Joining of any media is in flow.

import {
  type ActorContext,
  type AudioFrame,
  type Cancel,
  type ControlMessage,
  checkKeys,
  pushSource,
  type Source,
} from '@sluice/core';
import type { Observable } from 'rxjs';
import { Join } from '../../flow/join.ts';
import { mixerControls } from './mixer-controls.ts';
import { MixerCore, type MixerCoreOptions, mixerCoreKeys } from './mixer-core.ts';
import type { MixerInput } from './mixer-input.ts';
import { type MixerInputOptions, mixerInputKeys } from './mixer-input-options.ts';

/** A stall longer than this begins the schedule anew, in milliseconds. */
const REANCHOR_MS = 200;

/** Format and timing of a {@link Mixer}, and what it does about an input that fails. */
export interface MixerOptions extends MixerCoreOptions {
  /** Called when an input fails: it leaves the mix, which goes on. Without it, the mix fails with the input's error. */
  readonly onInputError?: (id: string, error: unknown) => void;
}

/** How a stream enters a running mix. */
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
 * mixer.add(source, { id: 'speech' });
 * music.remove({ fadeMs: 500 });
 * ```
 */
export class Mixer {
  /** The mix. It ends after `end()`, when every input has ended. */
  readonly output: Source<AudioFrame>;
  readonly #core: MixerCore;
  readonly #join: Join<AudioFrame, MixerInput>;
  /** Clock time of the block that was rendered when the schedule last began, and its index. */
  #anchor = 0;
  #blocks = 0;

  constructor(options: MixerOptions = {}) {
    checkKeys<MixerOptions>('Mixer', options, { ...mixerCoreKeys, onInputError: true });
    const core = new MixerCore(options);
    this.#core = core;
    const live = core.timing === 'clock';
    this.#join = new Join({
      name: 'mix',
      core,
      onInputError: options.onInputError,
      render: () => core.render(),
      ...(live ? { onClock: (context: ActorContext, resume: () => void) => this.#onClock(context, resume) } : {}),
      onInterrupt: (interruption) => core.interrupt(interruption),
      onControl: (message) => this.#control(message),
    });
    core.onRoom = (input) => this.#join.wake(input);
    core.onGone = (input) => this.#join.disconnect(input);
    const format = { kind: 'audio', ...core.format } as const;
    this.output = pushSource({ name: 'mix', format, live, controls: mixerControls }, (destination, context) => {
      this.#join.start(destination, context);
      return () => {};
    });
  }

  /**
   * Adds an input, of any format. The returned handle sets its gain, removes it and has its counters.
   * @throws TypeError, RangeError at once for options of the wrong kind or range, or an id that is taken
   */
  add(source: Observable<AudioFrame>, options: AddInputOptions = {}): MixerInput {
    checkKeys<AddInputOptions>('mixer input', options, { ...mixerInputKeys, id: true });
    return this.#join.add(source, options.id, (id) => this.#core.add(id, options));
  }

  /** The input of that name. */
  input(id: string): MixerInput {
    return this.#core.input(id);
  }

  /** No input will be added: the mix ends with its last input. */
  end(): void {
    this.#core.seal();
    this.#join.pump();
  }

  #control(message: ControlMessage): boolean {
    if (message.type !== 'set-gain') return false;
    const ramp = message.rampMs === undefined ? {} : { rampMs: message.rampMs as number };
    this.#core.input(String(message.input)).setGain(message.db as number, ramp);
    return true;
  }

  /** Blocks leave on an absolute schedule that begins with the first frame of any input, one block behind it. */
  #onClock(context: ActorContext, resume: () => void): Cancel | undefined {
    if (!this.#core.started || this.#core.finished) return undefined;
    const { clock } = context;
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
    while (this.#join.open && this.#anchor + this.#blocks * blockMs <= now) {
      // Behind a link that holds back: what waits stays with the inputs, each by its own bound.
      if (!context.hasRoom) return context.whenRoom(resume);
      this.#blocks++;
      this.#join.render();
    }
    if (!this.#join.open || this.#core.finished) return undefined;
    return clock.at(this.#anchor + this.#blocks * blockMs, resume);
  }
}
