// Saying: text to sound by any synthesizer, and what of it was heard. Nothing that thinks.

import {
  AudioFrame,
  audioPort,
  checkKeys,
  defineNode,
  framePort,
  type Interruption,
  invalidArgument,
  micros,
  type NodeBlueprint,
  type NodeContext,
  type NodeHandlers,
  type PortSpec,
  samplesToMicros,
  toError,
} from '@sluice/core';
import {
  fallback,
  isVoiceModel,
  type SpeechRequest,
  type Synthesizer,
  type SynthesizerEvent,
  voiceError,
} from '@sluice/core/voice';
import { ModelLine } from '../model-line.ts';
import type { SayFrame, SpokenFrame } from '../voice-frames.ts';
import { checkSound } from './check-sound.ts';
import { estimatedWords, likelyMs } from './word-times.ts';

/** Sentences that are synthesized ahead: the next one is ready when this one ends, and little is made in vain. */
const AHEAD = 2;

/** With which model {@link speak} speaks, and how. */
export interface SpeakOptions<Settings = unknown> {
  /** What speaks first of all. */
  readonly synthesizer: Synthesizer<Settings>;
  /** What the synthesizer takes beside its defaults. */
  readonly settings?: Partial<Settings>;
  /** Keys and passwords of the model, by name; they appear in no message. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Take over, in this order: short for `fallback(synthesizer, ...fallbacks)`. */
  readonly fallbacks?: readonly Synthesizer[];
}

interface SpeakInputs extends Record<string, PortSpec> {
  readonly in: PortSpec<SayFrame>;
}
interface SpeakOutputs extends Record<string, PortSpec> {
  readonly audio: PortSpec<AudioFrame>;
  readonly spoken: PortSpec<SpokenFrame>;
}

/**
 * Says sentences by any synthesizer, in order; what leaves `audio` carries the id of its utterance, so that the sink of a
 * device tells what of it was heard (`sink.utterance(id)`). `spoken` tells each word's place in the text and in the sound,
 * from the letters where the synthesizer has no word times, and how the sentence ended. Two sentences are made ahead. An
 * interruption drops what was not said yet; nothing of it leaves afterwards. Latency: the synthesizer's `latencyMs`.
 *
 * Control message: `{ type: 'set-synthesizer', settings }`.
 *
 * @example
 * const mouth = bot.add(speak({ synthesizer: flite() }));
 * bot.from(fromFrames([sayFrame('greeting', 'Hello there.')])).to(mouth.in.in);
 * mouth.out.audio.to(toMicrophone(mic));
 * @throws TypeError at once for options that do not exist or are of the wrong kind
 */
export function speak<Settings>(options: SpeakOptions<Settings>): NodeBlueprint<SpeakInputs, SpeakOutputs, undefined> {
  checkKeys<SpeakOptions<Settings>>('speak', options, {
    synthesizer: true,
    settings: true,
    secrets: true,
    fallbacks: true,
  });
  const { synthesizer, fallbacks = [] } = options;
  for (const one of [synthesizer, ...fallbacks])
    if (!isVoiceModel(one, 'synthesizer')) throw invalidArgument('speak.synthesizer', 'a Synthesizer', one);
  const format = { kind: 'audio', ...synthesizer.produces } as const;
  return defineNode({
    name: 'speak',
    inputs: { in: framePort<SayFrame>('say') },
    outputs: { audio: audioPort(), spoken: framePort<SpokenFrame>('spoken') },
    produces: () => ({ audio: format }),
    controls: {
      'set-synthesizer': {
        description: 'Changes settings of the synthesizer while it works.',
        schema: { type: 'object', properties: { settings: { type: 'object' } }, required: ['settings'] },
      },
    },
    create: (_options: object, context) => new SpeakNode(context as unknown as NodeContext<SpeakOutputs>, options),
  })({}) as never;
}

/** A sentence that was asked for and is not finished. */
interface Sentence {
  readonly text: string;
  readonly epoch: number;
  /** A synthesizer was lost before it began with it. */
  orphaned: boolean;
  samples: number;
  words: number;
}

class SpeakNode<Settings> implements NodeHandlers<SpeakInputs, undefined, SpeakOutputs> {
  readonly #context: NodeContext<SpeakOutputs>;
  readonly #line: ModelLine<SpeechRequest, SynthesizerEvent, object>;
  readonly #model: string;
  readonly #sentences = new Map<string, Sentence>();
  #idle: (() => void) | undefined;
  /** Samples per channel that have left, at the rate of the last. */
  #position = 0;
  #rate = 0;
  #base = 0;

  constructor(
    context: NodeContext<SpeakOutputs>,
    { synthesizer, settings, secrets, fallbacks = [] }: SpeakOptions<Settings>,
  ) {
    this.#context = context;
    this.#model = synthesizer.name;
    this.#line = new ModelLine(context as unknown as NodeContext, {
      // Alone as well: what may be tried again is tried again.
      model: fallback(synthesizer as Synthesizer<object>, ...fallbacks),
      open: { settings: settings ?? {}, secrets: secrets ?? {} },
      told: (event) => this.#told(event),
      lost: (error) => this.#lost(toError(error)),
      opened: () => this.#askAgain(),
    });
  }

  readonly accepts = (): boolean => this.#line.session !== undefined && this.#sentences.size < AHEAD;

  readonly onFrame = (_port: string, { utterance, text, epoch = 0 }: SayFrame): void => {
    this.#sentences.set(utterance, { text, epoch, orphaned: false, samples: 0, words: 0 });
    void this.#line.write({ id: utterance, text, epoch });
  };

  readonly onInterrupt = ({ epoch }: Interruption): void => {
    for (const [id, sentence] of this.#sentences) if (sentence.epoch < epoch) this.#sentences.delete(id);
    this.#line.session?.cancel(epoch);
    this.#settle();
  };

  readonly onControl = (message: { readonly type: string }): boolean => {
    if (message.type !== 'set-synthesizer') return false;
    this.#line.session?.update((message as { settings?: object }).settings ?? {});
    return true;
  };

  readonly onDrain = (): Promise<void> => {
    if (this.#sentences.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  };

  readonly close = (): void => this.#line.close();

  #told(event: SynthesizerEvent): undefined | Promise<void> {
    const sentence = this.#sentences.get(event.id);
    if (sentence === undefined) return;
    switch (event.type) {
      case 'audio':
        return this.#emit(event, sentence);
      case 'word': {
        const { id, from, to, startMs, endMs } = event;
        sentence.words++;
        return this.#tell(id, { event: 'word', from, to, startMs, endMs });
      }
      case 'finished':
        return this.#finish(event.id, sentence);
      case 'failed':
        return this.#fail(event.id, event.error, sentence);
    }
  }

  #emit(event: SynthesizerEvent & { readonly type: 'audio' }, sentence: Sentence): undefined | Promise<void> {
    const { samples, sampleRate, channels, id, epoch } = event;
    checkSound(event, this.#model);
    if (samples.length === 0) return;
    if (sampleRate !== this.#rate) {
      this.#base = this.#now();
      this.#position = 0;
      this.#rate = sampleRate;
    }
    if (sentence.samples === 0) void this.#tell(id, { event: 'begun' });
    const timestamp = micros(this.#now());
    this.#position += samples.length / channels;
    sentence.samples += samples.length / channels;
    return this.#context.send(
      'audio',
      new AudioFrame({ samples, sampleRate, channels, timestamp, epoch, utterance: id }),
    );
  }

  async #finish(id: string, sentence: Sentence): Promise<void> {
    if (sentence.samples === 0) return this.#fail(id, noSound(this.#model), sentence);
    const durationMs = this.#rate === 0 ? 0 : (sentence.samples * 1_000) / this.#rate;
    if (sentence.words === 0)
      for (const word of estimatedWords(sentence.text, durationMs)) await this.#tell(id, { event: 'word', ...word });
    this.#sentences.delete(id);
    await this.#tell(id, { event: 'finished', durationMs });
    this.#settle();
  }

  async #fail(id: string, error: Error, { text, words, samples }: Sentence): Promise<void> {
    this.#sentences.delete(id);
    // How long it would have been nobody knows any more; without any times nothing of it would count as heard.
    if (words === 0 && samples > 0)
      for (const word of estimatedWords(text, likelyMs(text))) await this.#tell(id, { event: 'word', ...word });
    await this.#tell(id, { event: 'failed', error });
    this.#settle();
  }

  /** What had begun is over, and so is what two synthesizers in a row were lost over; the next one says the rest. */
  #lost(error: Error): void {
    for (const [id, sentence] of [...this.#sentences]) {
      if (sentence.samples > 0 || sentence.orphaned) void this.#fail(id, error, sentence);
      sentence.orphaned = true;
    }
  }

  #askAgain(): void {
    for (const [id, { text, epoch }] of this.#sentences) void this.#line.write({ id, text, epoch });
  }

  #tell(utterance: string, what: object): undefined | Promise<void> {
    // Each caller gives the fields of its event.
    const spoken = { kind: 'spoken', timestamp: micros(this.#now()), utterance, ...what } as SpokenFrame;
    return this.#context.send('spoken', spoken);
  }

  #settle(): void {
    if (this.#sentences.size === 0) this.#idle?.();
    this.#context.wake();
  }

  #now(): number {
    return this.#rate === 0 ? 0 : this.#base + samplesToMicros(this.#position, this.#rate);
  }
}

function noSound(model: string): Error {
  return voiceError('a sentence had no sound', { model, category: 'fall-back' });
}
