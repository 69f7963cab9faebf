import { fromFrames } from '../../sources/from-frames.ts';
import { SayQueue, type Utterance } from '../saying/say-queue.ts';
import { speak } from '../saying/speak.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { SayFrame, SpokenFrame } from '../voice-frames.ts';
import { type AgentContext, supervision } from './agent-context.ts';
import type { TurnTrace } from './turn-trace.ts';
import { MOUTH, VoiceHold } from './voice-hold.ts';

export interface MouthListener {
  /** Something is to be said. */
  readonly onBegin: (trace: TurnTrace | undefined) => void;
  /** A sentence is heard to begin, or is over. */
  readonly onProgress: () => void;
  /** It is known what was heard of an utterance. */
  readonly onSpoken: (spoken: Spoken, trace: TurnTrace | undefined) => void;
}

/** A reply, or something said of the agent's own accord, until its last sample was heard or dropped. */
interface Speech {
  readonly utterance: Utterance;
  readonly trace: TurnTrace | undefined;
}

/** Says one utterance after the other, and knows what was heard of each. */
export class Mouth {
  readonly #context: AgentContext;
  readonly #listener: MouthListener;
  readonly #queue: SayQueue;
  readonly #hold: VoiceHold;
  readonly #speeches = new Set<Speech>();

  constructor(context: AgentContext, listener: MouthListener) {
    const { graph, options } = context;
    const { speaks, locale } = options;
    this.#context = context;
    this.#listener = listener;
    this.#hold = new VoiceHold(context);
    this.#queue = new SayQueue({
      clock: graph.clock,
      receipt: (id: string) => speaks.utterance(id),
      onProgress: () => listener.onProgress(),
      ...(locale === undefined ? {} : { locale }),
    });
    this.#wire();
  }

  /** Whether something is to be said, being said, or its text is still coming. */
  get busy(): boolean {
    return this.#queue.busy;
  }

  /** Settles when the device has told what the last interruption cut. */
  get cut(): Promise<unknown> {
    return this.#hold.cut;
  }

  /** Begins an utterance whose text comes by and by. Its moments are written into `trace`. */
  begin(id: string, trace?: TurnTrace): Utterance {
    const utterance = this.#queue.begin(id);
    const speech: Speech = { utterance, trace };
    this.#speeches.add(speech);
    this.#listener.onBegin(trace);
    void utterance.started.then((started) => {
      if (!started) return;
      this.#stamp(id, 'firstAudibleMs');
      this.#listener.onProgress();
    });
    void utterance.finished.then((spoken) => this.#spoken(speech, spoken));
    return utterance;
  }

  /** Says a text. */
  say(id: string, text: string): Utterance {
    const utterance = this.begin(id);
    utterance.push(text);
    utterance.end();
    return utterance;
  }

  /** Falls silent at once and gives up all that was not heard. Resolves when it is known what was. */
  interrupt(): Promise<void> {
    const wasBusy = this.#queue.busy;
    this.#queue.interrupt();
    return this.#hold.interrupt(wasBusy);
  }

  /** Falls silent at once and keeps what it had to say. */
  pause(): void {
    this.#hold.pause();
  }

  /** Goes on where it was heard. */
  resume(): void {
    this.#hold.resume();
  }

  close(): void {
    this.#queue.close();
  }

  #spoken(speech: Speech, spoken: Spoken): void {
    const { trace } = speech;
    this.#speeches.delete(speech);
    if (trace !== undefined) {
      trace.heardText = spoken.heardText;
      trace.interrupted = spoken.interrupted;
    }
    this.#listener.onSpoken(spoken, trace);
  }

  #wire(): void {
    const { graph, options } = this.#context;
    const { speaks, through, synthesizer, fallbacks = [] } = options;
    graph.group(MOUTH, (scope) => {
      const voice = scope.add(speak({ synthesizer, fallbacks }), { name: 'speak', ...supervision });
      scope.from(fromFrames<SayFrame>(this.#sentences(), { external: false }), { name: 'say' }).to(voice.in.in);
      voice.out.spoken.to({
        next: (frame: SpokenFrame) => {
          if (frame.event === 'begun') this.#stamp(frame.utterance, 'firstByteMs');
          this.#queue.onSpoken(frame);
        },
      });
      const audio = scope.follow(voice.out.audio);
      (through === undefined ? audio : through(scope, audio)).to(speaks);
    });
  }

  async *#sentences(): AsyncGenerator<SayFrame, void, undefined> {
    for await (const frame of this.#queue.frames()) {
      this.#stamp(frame.utterance, 'firstSentenceMs');
      yield frame;
    }
  }

  #stamp(id: string, what: 'firstSentenceMs' | 'firstByteMs' | 'firstAudibleMs'): void {
    const { clock } = this.#context.graph;
    for (const { utterance, trace } of this.#speeches)
      if (trace !== undefined && (id === utterance.id || id.startsWith(`${utterance.id}.`)))
        trace[what] ??= clock.now();
  }
}
