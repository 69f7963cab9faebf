import {
  type AudioFrame,
  audioPort,
  type Cancel,
  checkKeys,
  defineNode,
  framePort,
  invalidArgument,
  micros,
  type NodeBlueprint,
  type NodeContext,
  type NodeHandlers,
  type PortSpec,
} from '@sluice/core';
import { isVoiceModel, type Recognizer, type RecognizerEvent } from '@sluice/core/voice';
import { ModelLine } from '../model-line.ts';
import type { SpeechFrame, TranscriptFrame } from '../voice-frames.ts';
import { MediaClock } from './media-clock.ts';

/** How long the sound up to an end of speech may lag behind being told of it, in milliseconds. */
const LAG_MS = 200;

/** With which model {@link transcribe} hears, and what it tells. */
export interface TranscribeOptions<Settings = unknown> {
  /** What is opened, once for each run of the node. */
  readonly recognizer: Recognizer<Settings>;
  /** What the recogniser takes beside its defaults. */
  readonly settings?: Partial<Settings>;
  /** Keys and passwords of the model, by name; they appear in no message. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Whether a recogniser that is lost is opened anew, however often. Default true; otherwise the node fails. */
  readonly reopen?: boolean;
}

interface TranscribeInputs extends Record<string, PortSpec> {
  readonly audio: PortSpec<AudioFrame>;
  readonly speech: PortSpec<SpeechFrame>;
}
interface TranscribeOutputs extends Record<string, PortSpec> {
  readonly out: PortSpec<TranscriptFrame>;
}

/**
 * Tells what is said, by any recogniser: `final: false` while somebody speaks, each in place of the one before, then one
 * `final: true`. It asks for the final when `speech` says that the speech is over and the sound up to there has come; with
 * nothing linked to `speech` the recogniser decides by itself, as does one that judges turns (`turns`): `turn` says what it
 * makes of them, see `recognizerTurns`. Latency: the recogniser's `latencyMs`.
 *
 * Control message: `{ type: 'set-recognizer', settings }`.
 *
 * @example
 * const ears = bot.add(vad({ detector: fvad() }));
 * const scribe = bot.add(transcribe({ recognizer: pocketsphinx() }));
 * bot.from(fromCall(client)).to(ears.in.in);
 * ears.out.audio.to(scribe.in.audio);
 * ears.out.speech.to(scribe.in.speech);
 * scribe.out.out.to({ next: ({ text, final }) => final && console.log(text) });
 * @throws TypeError at once for options that do not exist or are of the wrong kind
 * @see vad
 */
export function transcribe<Settings>(
  options: TranscribeOptions<Settings>,
): NodeBlueprint<TranscribeInputs, TranscribeOutputs, undefined> {
  checkKeys<TranscribeOptions<Settings>>('transcribe', options, {
    recognizer: true,
    settings: true,
    secrets: true,
    reopen: true,
  });
  const { recognizer } = options;
  if (!isVoiceModel(recognizer, 'recognizer'))
    throw invalidArgument('transcribe.recognizer', 'a Recognizer', recognizer);
  const { sampleRates, channels } = recognizer.accepts;
  return defineNode({
    name: 'transcribe',
    inputs: { audio: audioPort({ sampleRate: sampleRates, channels }), speech: framePort<SpeechFrame>('speech') },
    outputs: { out: framePort<TranscriptFrame>('transcript') },
    controls: {
      'set-recognizer': {
        description: 'Changes settings of the recogniser while it works.',
        schema: { type: 'object', properties: { settings: { type: 'object' } }, required: ['settings'] },
      },
    },
    create: (_options: object, context) =>
      new TranscribeNode(context as unknown as NodeContext<TranscribeOutputs>, options),
  })({}) as never;
}

class TranscribeNode<Settings> implements NodeHandlers<TranscribeInputs, undefined, TranscribeOutputs> {
  readonly #context: NodeContext<TranscribeOutputs>;
  readonly #line: ModelLine<AudioFrame, RecognizerEvent, Settings>;
  /** Another may be behind it by and by, which judges turns or does not. */
  readonly #recognizer: Pick<Recognizer, 'turns'>;
  readonly #clock = new MediaClock();
  /** Behind the last sample that was written. */
  #heard = Number.NEGATIVE_INFINITY;
  /** Ends of speech whose sound has not come yet. */
  readonly #ends: { readonly at: number; readonly late: Cancel }[] = [];

  constructor(
    context: NodeContext<TranscribeOutputs>,
    { recognizer, settings = {}, secrets = {}, reopen = true }: TranscribeOptions<Settings>,
  ) {
    this.#context = context;
    this.#recognizer = recognizer;
    const told = (event: RecognizerEvent) => this.#tell(event);
    this.#line = new ModelLine(context as unknown as NodeContext, {
      model: recognizer,
      open: { settings, secrets },
      reopen,
      told,
    });
  }

  readonly accepts = (): boolean => this.#line.session !== undefined;

  readonly onFrame = (_port: string, frame: AudioFrame | SpeechFrame): undefined | Promise<void> => {
    if (frame.kind === 'audio') return this.#write(frame);
    if (frame.speaking || this.#recognizer.turns === true) return;
    if (this.#heard >= frame.at) return this.#flush();
    this.#ends.push({ at: frame.at, late: this.#awaitSound() });
  };

  readonly onDrain = (): Promise<void> => this.#line.drain();

  readonly onControl = (message: { readonly type: string }): boolean => {
    if (message.type !== 'set-recognizer') return false;
    this.#line.session?.update((message as { settings?: Partial<Settings> }).settings ?? {});
    return true;
  };

  readonly close = (): void => {
    for (const { late } of this.#ends.splice(0)) late();
    this.#line.close();
  };

  /** Asks without the sound up to an end of speech when none of it has come for so long: not while it is catching up. */
  #awaitSound(): Cancel {
    const { clock } = this.#context;
    let heard = this.#heard;
    let cancel: Cancel = () => {};
    const look = () => {
      if (this.#heard === heard) {
        this.#ends.splice(0, this.#ends.findIndex(({ late }) => late === stop) + 1);
        return void this.#flush();
      }
      heard = this.#heard;
      cancel = clock.at(clock.now() + LAG_MS, look);
    };
    const stop = () => cancel();
    cancel = clock.at(clock.now() + LAG_MS, look);
    return stop;
  }

  #write(frame: AudioFrame): undefined | Promise<void> {
    this.#clock.arrived(frame, this.#context.clock.now());
    const written = this.#line.write(frame);
    this.#heard = frame.timestamp + frame.duration;
    while (this.#ends.length > 0 && this.#ends[0]!.at <= this.#heard) {
      this.#ends.shift()!.late();
      this.#flush();
    }
    if (written instanceof Promise) return written.then(() => frame.close());
    frame.close();
  }

  /** Sound that comes while it works waits in the session, in its order. */
  #flush(): undefined {
    void this.#line.session?.flush();
  }

  #tell(event: RecognizerEvent): undefined | Promise<void> {
    const { text, words, turn } = event;
    const final = event.type === 'final';
    const start = final ? event.start : (words[0]?.start ?? micros(0));
    const end = final ? event.end : (words.at(-1)?.end ?? start);
    const rejected = final && event.rejected === true;
    return this.#context.send('out', {
      kind: 'transcript',
      text,
      words,
      final,
      rejected,
      timestamp: start,
      end,
      endMs: this.#clock.msOf(end),
      ...(turn === undefined ? {} : { turn }),
    });
  }
}
