import { invalidArgument } from '@sluice/core';
import { filter } from 'rxjs';
import { fromFrames } from '../../sources/from-frames.ts';
import type { MarkingReceipt } from '../echo/echo-reference.ts';
import { SayQueue, type Utterance } from '../saying/say-queue.ts';
import { speak } from '../saying/speak.ts';
import type { SpokenReceipt } from '../saying/spoken-receipt.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { SayFrame, SpokenFrame } from '../voice-frames.ts';
import { type AgentContext, supervision } from './agent-context.ts';
import type { HistoryLine } from './conversation-history.ts';
import type { TurnTrace } from './turn-trace.ts';
import { MOUTH, VoiceHold } from './voice-hold.ts';

export interface MouthListener {
  /** The graph runs. */
  readonly onRunning: () => void;
  /** Something is to be said. */
  readonly onBegin: () => void;
  /** A sentence is heard to begin, or is over. */
  readonly onProgress: () => void;
  /** It is known what was heard of an utterance. */
  readonly onSpoken: (spoken: Spoken, about: SpeechOptions) => void;
  /** The voice begins to be heard, or ceases to. */
  readonly onVoice: (audible: boolean) => void;
}

export interface SpeechOptions {
  /** The moments of the utterance are written into it. */
  readonly trace?: TurnTrace;
  /** Whom it is said to. */
  readonly to?: string;
}

/** A reply, or something said of the agent's own accord, until its last sample was heard or dropped. */
interface Speech extends SpeechOptions {
  readonly utterance: Utterance;
}

/** Says one utterance after the other, and knows what was heard of each. */
export class Mouth {
  readonly #context: AgentContext;
  readonly #listener: MouthListener;
  readonly #queue: SayQueue;
  readonly #hold: VoiceHold;
  readonly #speeches = new Set<Speech>();
  /** Of which something was heard. */
  readonly #begun = new Set<Speech>();
  #audible = false;

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

  /** Whom it speaks to, or is about to. */
  get to(): ReadonlySet<string> {
    return new Set([...this.#speeches].flatMap(({ to }) => to ?? []));
  }

  /** Whether something of what it has to say was heard already. */
  get audible(): boolean {
    return this.#begun.size > 0;
  }

  /** What is being heard: as the log would have it if it were cut now. */
  get underWay(): readonly HistoryLine[] {
    return [...this.#begun].map(({ utterance, to }) => ({
      who: 'agent',
      text: utterance.heardSoFar,
      interrupted: true,
      ...(to === undefined ? {} : { to }),
    }));
  }

  /** Begins an utterance whose text comes by and by. */
  begin(id: string, options: SpeechOptions = {}): Utterance {
    const utterance = this.#queue.begin(id);
    const speech: Speech = { ...options, utterance };
    this.#speeches.add(speech);
    this.#listener.onBegin();
    void utterance.started.then((started) => {
      if (!started || !this.#speeches.has(speech)) return;
      this.#begun.add(speech);
      this.#tellVoice(true);
      this.#stamp(id, 'firstAudibleMs');
      this.#listener.onProgress();
    });
    void utterance.finished.then((spoken) => this.#spoken(speech, spoken));
    return utterance;
  }

  /** Says a text. */
  say(id: string, text: string, options: SpeechOptions = {}): Utterance {
    const utterance = this.begin(id, options);
    utterance.push(text);
    utterance.end();
    return utterance;
  }

  /** Falls silent at once and gives up all that was not heard. Resolves when it is known what was. */
  interrupt(by?: string): Promise<void> {
    const wasBusy = this.#queue.busy;
    this.#tellVoice(false);
    this.#queue.interrupt();
    return this.#hold.interrupt(wasBusy, by);
  }

  /** Falls silent at once and keeps what it had to say. */
  pause(by?: string): void {
    this.#tellVoice(false);
    this.#hold.pause(by);
  }

  /** Goes on where it was heard. */
  resume(): void {
    this.#hold.resume();
    this.#tellVoice(this.audible);
  }

  close(): void {
    this.#queue.close();
  }

  #spoken(speech: Speech, spoken: Spoken): void {
    const { trace } = speech;
    this.#speeches.delete(speech);
    this.#begun.delete(speech);
    if (!this.audible) this.#tellVoice(false);
    if (trace !== undefined) {
      trace.heardText = spoken.heardText;
      trace.interrupted = spoken.interrupted;
    }
    this.#listener.onSpoken(spoken, speech);
  }

  #tellVoice(audible: boolean): void {
    if (audible === this.#audible) return;
    this.#audible = audible;
    this.#listener.onVoice(audible);
  }

  #wire(): void {
    const { graph, options, ownVoice } = this.#context;
    const { speaks, through, synthesizer, fallbacks = [] } = options;
    graph.group(MOUTH, (scope) => {
      const voice = scope.add(speak({ synthesizer, fallbacks }), { name: 'speak', ...supervision });
      scope
        .from(fromFrames<SayFrame>(this.#sentences(), { external: false }), { name: 'say' })
        .pipe(filter(({ utterance }: SayFrame) => this.#queue.wants(utterance)))
        .to(voice.in.in);
      voice.out.spoken.to({
        next: (frame: SpokenFrame) => {
          if (frame.event === 'begun') this.#stamp(frame.utterance, 'firstByteMs');
          // Else a reply that nobody hears looks like one that was said.
          if (frame.event === 'failed') this.#context.tell({ type: 'problem', error: frame.error });
          this.#queue.onSpoken(frame);
        },
      });
      const audio = scope.follow(voice.out.audio);
      const heard = through === undefined ? audio : through(scope, audio);
      heard.to(speaks);
      if (ownVoice !== undefined) heard.to(ownVoice.reference.played((id) => marked(speaks.utterance(id))));
    });
  }

  #sentences(): AsyncIterable<SayFrame> {
    const frames = this.#queue.frames();
    let running = false;
    const next = async () => {
      if (!running) this.#listener.onRunning();
      running = true;
      const result = await frames.next();
      if (result.done !== true) this.#stamp(result.value.utterance, 'firstSentenceMs');
      return result;
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: () => frames.return!() }) };
  }

  #stamp(id: string, what: 'firstSentenceMs' | 'firstByteMs' | 'firstAudibleMs'): void {
    const { clock } = this.#context.graph;
    for (const { utterance, trace } of this.#speeches)
      if (trace !== undefined && (id === utterance.id || id.startsWith(`${utterance.id}.`)))
        trace[what] ??= clock.now();
  }
}

function marked(receipt: SpokenReceipt): MarkingReceipt {
  if (receipt.mark !== undefined) return receipt as MarkingReceipt;
  throw invalidArgument('voiceAgent.speaks', 'a sink whose receipts tell marks, for echoGuard', receipt);
}
