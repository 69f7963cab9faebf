import { type Clock, checkKeys, invalidArgument } from '@sluice/core';
import { SentenceSplitter } from '../text/sentence-splitter.ts';
import { type SayFrame, type SpokenFrame, sayFrame } from '../voice-frames.ts';
import type { SpokenReceipt } from './spoken-receipt.ts';
import { type Spoken, SpokenSentence } from './utterance.ts';

/** What a queue of things to say has to know of the device that says them. */
export interface SayQueueOptions {
  /** By which it is told what was heard: the one of the graph. */
  readonly clock: Clock;
  /** What became of what carries an id: `(id) => sink.utterance(id)` of the device's sink. */
  readonly receipt: (id: string) => SpokenReceipt;
  /** Language of the text, for its sentences. Default `en`. */
  readonly locale?: string;
  /** A sentence is heard to begin, or is over. */
  readonly onProgress?: () => void;
}

/** An utterance that is being made, said or over. */
export interface Utterance {
  /** Stands in all frames that belong to it, and is what its receipt is asked for by. */
  readonly id: string;
  /** More of its text: half a word will do. What ends a sentence is said. */
  push(text: string): void;
  /** More is long in coming: what was pushed stands by itself and is said now. */
  flush(): void;
  /** Its text is complete. */
  end(): void;
  /** What has left the device by now, to the last whole word; of a device that tells no marks, to the last whole sentence. */
  readonly heardSoFar: string;
  /** The first sample left the device; false if none ever will. */
  readonly started: Promise<boolean>;
  /** Settles once, when the last sample has left or was dropped, and the text is complete or given up. */
  readonly finished: Promise<Spoken>;
}

/**
 * What is to be said, one utterance after the other, and what was heard of each, to the word. Its sentences go to a `speak`
 * node by `frames`, what that node tells comes back by `onSpoken`.
 *
 * @example
 * const queue = new SayQueue({ clock: realClock, receipt: (id) => speaks.utterance(id) });
 * const mouth = bot.add(speak({ synthesizer: flite() }));
 * bot.from(fromFrames(queue.frames(), { external: false })).to(mouth.in.in);
 * mouth.out.spoken.to({ next: queue.onSpoken });
 * mouth.out.audio.to(speaks);
 * const { heardText } = await queue.say('Good morning.').finished;
 */
export class SayQueue {
  readonly #options: SayQueueOptions;
  readonly #waiting: SayFrame[] = [];
  readonly #lines: Line[] = [];
  readonly #sentences = new Map<string, SpokenSentence>();
  #count = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(options: SayQueueOptions) {
    checkKeys<SayQueueOptions>('SayQueue', options, {
      clock: true,
      receipt: true,
      locale: true,
      onProgress: true,
    });
    this.#options = options;
  }

  /** Whether something is to be said, being said, or its text is still coming. */
  get busy(): boolean {
    return this.#lines.length > 0;
  }

  /** Begins an utterance whose text comes by and by. */
  begin(id = `u${++this.#count}`): Utterance {
    if (this.#lines.some((line) => line.id === id))
      throw invalidArgument('utterance id', 'one that is not being said', id);
    const line: Line = new Line(id, {
      splitter: () => new SentenceSplitter({ locale: this.#options.locale ?? 'en' }),
      say: (sentence) => this.#enqueue(line, sentence),
      over: () => this.#lines.splice(this.#lines.indexOf(line), 1),
    });
    this.#lines.push(line);
    return line;
  }

  /** Says a text. */
  say(text: string, id?: string): Utterance {
    const line = this.begin(id);
    line.push(text);
    line.end();
    return line;
  }

  /** The sentences for a `speak` node, as it asks for them. Ends with `close`, or when it is asked for no more. */
  frames(): AsyncIterableIterator<SayFrame, undefined> {
    let over = false;
    const next = async (): Promise<IteratorResult<SayFrame, undefined>> => {
      while (!this.#ended && !over) {
        const frame = this.#waiting.shift();
        if (frame !== undefined) return { done: false, value: frame };
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      return { done: true, value: undefined };
    };
    const end = async (): Promise<IteratorResult<SayFrame, undefined>> => {
      over = true;
      this.#wake?.();
      return { done: true, value: undefined };
    };
    // No generator: one that waits for its next sentence cannot be ended.
    return {
      next,
      return: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Whether a sentence is still to be said: one that was on its way to its node when it was interrupted is not. */
  wants(sentence: string): boolean {
    return this.#sentences.get(sentence)?.dropped === false;
  }

  /** Takes what a `speak` node tells. */
  readonly onSpoken = (frame: SpokenFrame): void => {
    const sentence = this.#sentences.get(frame.utterance);
    if (sentence === undefined) return;
    switch (frame.event) {
      case 'begun':
        return sentence.begin(
          () => this.#options.receipt(sentence.id),
          this.#options.clock,
          () => {
            for (const line of this.#lines) line.startedBy(sentence);
            this.#options.onProgress?.();
          },
        );
      case 'word':
        return void sentence.addWord(frame);
      case 'finished':
        return sentence.end(frame.durationMs);
      case 'failed':
        return sentence.fail();
    }
  };

  /**
   * Gives up everything that was not said. Call it beside the graph's `interrupt`, which drops the sound; utterances finish
   * when the device has told what was heard.
   */
  interrupt(): void {
    this.#waiting.length = 0;
    for (const line of [...this.#lines]) line.interrupt();
  }

  /** No more will be said. */
  close(): void {
    this.interrupt();
    this.#ended = true;
    this.#wake?.();
  }

  #enqueue(line: Line, text: string): SpokenSentence {
    const sentence = new SpokenSentence(`${line.id}.${line.sentences.length + 1}`, text);
    this.#sentences.set(sentence.id, sentence);
    void sentence.settled.then(() => {
      this.#sentences.delete(sentence.id);
      this.#options.onProgress?.();
    });
    this.#waiting.push(sayFrame(sentence.id, text));
    this.#wake?.();
    return sentence;
  }
}

interface LineParts {
  readonly splitter: () => SentenceSplitter;
  readonly say: (text: string) => SpokenSentence;
  readonly over: () => void;
}

/** A letter or a digit: something to say. */
const SPEAKABLE = /[\p{L}\p{N}]/u;

/** An utterance of the queue. */
class Line implements Utterance {
  readonly id: string;
  readonly sentences: SpokenSentence[] = [];
  readonly started: Promise<boolean>;
  readonly finished: Promise<Spoken>;
  readonly #parts: LineParts;
  #splitter: SentenceSplitter;
  #text = '';
  #complete = false;
  #interrupted = false;
  #settling = false;
  #resolveStarted!: (started: boolean) => void;
  #resolveFinished!: (spoken: Spoken) => void;

  constructor(id: string, parts: LineParts) {
    this.id = id;
    this.#parts = parts;
    this.#splitter = parts.splitter();
    this.started = new Promise((resolve) => {
      this.#resolveStarted = resolve;
    });
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
  }

  get heardSoFar(): string {
    return this.sentences.reduce((text, { heardSoFar }) => joined(text, heardSoFar), '').trimEnd();
  }

  push(text: string): void {
    if (this.#complete) return;
    this.#text += text;
    for (const sentence of this.#splitter.push(text)) this.#say(sentence.text);
  }

  flush(): void {
    if (this.#complete) return;
    // Apart from what follows, in the log too.
    if (/\S$/.test(this.#text)) this.push(' ');
    for (const sentence of this.#splitter.end()) this.#say(sentence.text);
    this.#splitter = this.#parts.splitter();
  }

  end(): void {
    if (this.#complete) return;
    this.#complete = true;
    for (const sentence of this.#splitter.end()) this.#say(sentence.text);
    this.#settle();
  }

  interrupt(): void {
    this.#complete = true;
    this.#interrupted = true;
    for (const sentence of this.sentences) sentence.interrupt();
    this.#settle();
  }

  startedBy(sentence: SpokenSentence): void {
    if (this.sentences.includes(sentence)) this.#resolveStarted(true);
  }

  #say(text: string): void {
    if (!SPEAKABLE.test(text)) return;
    this.sentences.push(this.#parts.say(text));
  }

  /** Waits for all of its sentences. An interruption may follow the end of the text: the first of the two counts. */
  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    void Promise.all(this.sentences.map(({ settled }) => settled)).then(() => {
      this.#parts.over();
      this.#resolveStarted(false);
      this.#resolveFinished(this.#outcome());
    });
  }

  #outcome(): Spoken {
    const { sentences } = this;
    const words = sentences.flatMap((sentence) => sentence.heardWords);
    return {
      id: this.id,
      text: this.#text,
      heardText: sentences.reduce((text, { heard }) => joined(text, heard), '').trimEnd(),
      words,
      interrupted: this.#interrupted,
      failed: sentences.some(({ failed }) => failed),
      startedMs: sentences.find(({ startedMs }) => startedMs !== undefined)?.startedMs,
      endedMs: words.at(-1)?.endMs,
      heardMs: sentences.reduce((sum, { playedMs }) => sum + playedMs, 0),
      droppedMs: sentences.reduce((sum, { droppedMs }) => sum + droppedMs, 0),
    };
  }
}

/** What was heard of a sentence behind what was heard before it, which may have lost its end. */
function joined(before: string, heard: string): string {
  const needsSpace = before !== '' && heard !== '' && !/\s$/.test(before) && !/^\s/.test(heard);
  return needsSpace ? `${before} ${heard}` : before + heard;
}
