import type { AudioFrame, Clock } from '@sluice/core';
import { sleep } from '@sluice/core';
import { fromFrames } from '../../sources/from-frames.ts';
import type { TurnTrace } from '../agent/turn-trace.ts';
import { MOUTH, VoiceHold } from '../agent/voice-hold.ts';
import type { Spoken } from '../saying/utterance.ts';
import type { RealtimeContext } from './realtime-options.ts';
import { ReplyAudio, type ReplySound } from './reply-audio.ts';
import { SpokenReply } from './spoken-reply.ts';
import type { SpokenRound } from './spoken-round.ts';

export interface SpeechMouthListener {
  /** Something is to be said. */
  readonly onBegin: () => void;
  /** A reply is heard to begin. */
  readonly onProgress: () => void;
  /** It is known what was heard of a round. */
  readonly onRound: (round: SpokenRound) => void;
  /** It is known what was heard of a reply. */
  readonly onSpoken: (spoken: Spoken, trace: TurnTrace | undefined) => void;
}

/** How long it is waited for a device to tell what was heard, in milliseconds: one that does not is broken. */
const RECEIPT_MS = 1_000;

/** Lets a device say what a speech model says, and knows what was heard of it. */
export class SpeechMouth {
  readonly #context: RealtimeContext;
  readonly #listener: SpeechMouthListener;
  readonly #hold: VoiceHold;
  readonly #audio: ReplyAudio;
  readonly #rounds = new Map<string, SpokenRound>();
  readonly #replies = new Set<SpokenReply>();
  #settled: Promise<unknown> = Promise.resolve();

  constructor(context: RealtimeContext, listener: SpeechMouthListener) {
    const { graph, options } = context;
    const { speaks, leadMs = 60, mostWaitingMs = 600_000 } = options;
    this.#context = context;
    this.#listener = listener;
    this.#hold = new VoiceHold(context);
    this.#audio = new ReplyAudio({
      clock: graph.clock,
      leadMs,
      mostMs: mostWaitingMs,
      onPart: (id, part) =>
        this.#rounds.get(id)?.follow(speaks.utterance(part), graph.clock, () => listener.onProgress()),
      onGiven: (id) => this.#rounds.get(id)?.given(),
    });
    this.#wire();
  }

  /** Whether something is to be said, or being said. */
  get busy(): boolean {
    return this.#replies.size > 0;
  }

  /** Whether something of what it has to say was heard already. */
  get audible(): boolean {
    return [...this.#rounds.values()].some(({ startedMs }) => startedMs !== undefined);
  }

  /** Settles when it is known what was heard of what the last interruption cut. */
  get settled(): Promise<unknown> {
    return this.#settled;
  }

  /** Begins a reply whose sound comes by and by. Its moments are written into `trace`. */
  begin(id: string, trace?: TurnTrace): SpokenReply {
    const reply = new SpokenReply(id, (round) => {
      this.#rounds.delete(round.id);
      if (trace !== undefined && round.startedMs !== undefined) trace.firstAudibleMs ??= round.startedMs;
      this.#listener.onRound(round);
    });
    this.#replies.add(reply);
    this.#listener.onBegin();
    void reply.finished.then((spoken) => {
      this.#replies.delete(reply);
      if (trace !== undefined) {
        trace.heardText = spoken.heardText;
        trace.interrupted = spoken.interrupted;
      }
      this.#listener.onSpoken(spoken, trace);
    });
    return reply;
  }

  /** Another round of a reply. */
  beginRound(reply: SpokenReply): SpokenRound {
    const round = reply.begin();
    this.#rounds.set(round.id, round);
    this.#audio.begin(round.id);
    return round;
  }

  /** More of its sound. False if that is more than may wait: none of it was taken. */
  sound(round: SpokenRound, sound: ReplySound): boolean {
    if (!this.#audio.push(round.id, sound)) return false;
    round.audioMs += (sound.samples.length * 1_000) / sound.channels / sound.sampleRate;
    return true;
  }

  /** The model has said all of it, or never will. */
  endRound(round: SpokenRound, failed = false): void {
    round.end(failed);
    this.#audio.end(round.id);
  }

  /** Gives a reply up of which nothing was heard. */
  abandon(reply: SpokenReply): void {
    for (const { id } of reply.rounds) this.#audio.remove(id);
    reply.interrupt();
  }

  /** Falls silent at once and gives up all that was not heard. Resolves when it is known what was. */
  async interrupt(by?: string): Promise<void> {
    const replies = [...this.#replies];
    this.#audio.drop();
    for (const reply of replies) reply.interrupt();
    const cut = this.#hold.interrupt(replies.length > 0, by);
    this.#settled = inTime(this.#context.graph.clock, Promise.all([cut, ...replies.map(({ finished }) => finished)]));
    await cut;
  }

  /** Falls silent at once and keeps what it had to say. */
  pause(by: string): void {
    this.#hold.pause(by);
  }

  /** Goes on where it was heard. */
  resume(): void {
    this.#hold.resume();
  }

  close(): void {
    this.#audio.close();
    for (const reply of this.#replies) reply.interrupt();
  }

  #wire(): void {
    const { graph, options } = this.#context;
    const { speaks, through, model } = options;
    const format = { kind: 'audio', ...model.produces } as const;
    graph.group(MOUTH, (scope) => {
      const frames = fromFrames<AudioFrame>(this.#audio.frames(), { external: false, format });
      const voice = scope.from(frames, { name: 'say' });
      (through === undefined ? voice : through(scope, voice)).to(speaks);
    });
  }
}

function inTime(clock: Clock, work: Promise<unknown>): Promise<unknown> {
  const over = new AbortController();
  const late = sleep(clock, RECEIPT_MS, over.signal).catch(() => {});
  return Promise.race([work, late]).finally(() => over.abort());
}
