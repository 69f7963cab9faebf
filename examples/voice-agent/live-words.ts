// The agent's words while they are heard: the synthesizer tells when each sounds, the device when its sentence began.
import type { Cancel, Clock } from '@sluice/core';
import type { Synthesizer, SynthesizerEvent, SynthesizerSession } from '@sluice/core/voice';
import type { AgentEvent } from '@sluice/nodes';
import type { PlayoutSink } from '@sluice/transport';

/** How often it is looked how far a sentence is, in milliseconds. */
const LOOK_MS = 60;

interface Sentence {
  readonly text: string;
  readonly words: { readonly to: number; readonly startMs: number; readonly endMs: number }[];
}

export interface LiveWordsOptions {
  readonly clock: Clock;
  /** The sentence as far as it was heard. `isFinal`: it is over, or was cut. */
  readonly tell: (text: string, isFinal: boolean) => void;
}

/** Stands beside a voice and tells what of it is heard, word by word. */
export class LiveWords {
  readonly #options: LiveWordsOptions;
  readonly #sentences = new Map<string, Sentence>();
  #cancel: Cancel = () => {};
  #paused = false;

  constructor(options: LiveWordsOptions) {
    this.#options = options;
  }

  /** The same synthesizer, listened to. */
  of<Settings>(synthesizer: Synthesizer<Settings>): Synthesizer<Settings> {
    const open: Synthesizer<Settings>['open'] = async (options) => this.#listened(await synthesizer.open(options));
    return { ...synthesizer, open };
  }

  /** The same sink; who asks it for the receipt of a sentence has that sentence followed. */
  heardBy(sink: PlayoutSink): PlayoutSink {
    return new Proxy(sink, {
      get: (target, key) => {
        if (key === 'utterance') return (id: string) => this.#follow(id, target);
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** A voice that is silent in doubt says no words. */
  onEvent({ type }: AgentEvent): void {
    if (type === 'paused') this.#paused = true;
    if (type === 'resumed' || type === 'interrupted') this.#paused = false;
  }

  #listened<Settings>(session: SynthesizerSession<Settings>): SynthesizerSession<Settings> {
    const sentences = this.#sentences;
    return {
      get settings() {
        return session.settings;
      },
      get ended() {
        return session.ended;
      },
      write: (request) => {
        sentences.set(request.id, { text: request.text, words: [] });
        return session.write(request);
      },
      flush: () => session.flush(),
      update: (settings) => session.update(settings),
      cancel: (epoch) => session.cancel(epoch),
      close: () => session.close(),
      async *[Symbol.asyncIterator](): AsyncGenerator<SynthesizerEvent> {
        for await (const event of session) {
          if (event.type === 'word') sentences.get(event.id)?.words.push(event);
          yield event;
        }
      },
    };
  }

  #follow(id: string, sink: PlayoutSink): ReturnType<PlayoutSink['utterance']> {
    const receipt = sink.utterance(id);
    void receipt.started.then((started) => {
      if (started) this.#show(id);
    });
    void receipt.finished.then(({ playedMs, interrupted }) => this.#end(id, interrupted ? playedMs : Infinity));
    return receipt;
  }

  #show(id: string): void {
    const { clock, tell } = this.#options;
    const sentence = this.#sentences.get(id);
    if (sentence === undefined) return;
    let heardMs = 0;
    let shown = 0;
    const look = () => {
      const to = sentence.words.findLast(({ startMs }) => startMs <= heardMs)?.to ?? 0;
      if (to > shown) tell(sentence.text.slice(0, to), false);
      shown = Math.max(shown, to);
      if (!this.#paused) heardMs += LOOK_MS;
      this.#cancel = clock.at(clock.now() + LOOK_MS, look);
    };
    this.#cancel();
    look();
  }

  #end(id: string, playedMs: number): void {
    const sentence = this.#sentences.get(id);
    if (sentence === undefined) return;
    this.#sentences.delete(id);
    this.#cancel();
    const to = sentence.words.findLast(({ endMs }) => endMs <= playedMs)?.to ?? 0;
    this.#options.tell(playedMs === Infinity ? sentence.text : sentence.text.slice(0, to), true);
  }
}
