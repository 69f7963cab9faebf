import { type AudioFrame, type Clock, idsOf, type Sink } from '@sluice/core';
import { toFrames } from '@sluice/nodes';
import type { PlayoutSink } from '@sluice/transport';

/** A sentence of the agent: its sound as it was made, and what the device tells of it, on the clock in milliseconds. */
export interface WatchedSentence {
  readonly id: string;
  readonly parts: Int16Array[];
  startedMs: number | undefined;
  playedMs: number;
  interrupted: boolean;
}

/** Keeps what the agent says, sentence by sentence, for the comparison with what was heard. */
export class VoiceWatch {
  readonly sentences: WatchedSentence[] = [];

  /** A sink for the agent's voice, beside the one that plays it. */
  sink(speaks: PlayoutSink, clock: Clock): Sink<AudioFrame, unknown> {
    const frames = toFrames();
    void (async () => {
      for await (const frame of frames) {
        const id = idsOf(frame.utterance)[0];
        if (id !== undefined) this.#sentence(id, speaks, clock).parts.push(frame.samples.slice());
        frame.close();
      }
    })();
    return frames;
  }

  #sentence(id: string, speaks: PlayoutSink, clock: Clock): WatchedSentence {
    const known = this.sentences.findLast((sentence) => sentence.id === id);
    if (known !== undefined) return known;
    const sentence: WatchedSentence = { id, parts: [], startedMs: undefined, playedMs: 0, interrupted: false };
    this.sentences.push(sentence);
    const { started, finished } = speaks.utterance(id);
    void started.then((heard) => {
      if (heard) sentence.startedMs = clock.now();
    });
    void finished.then((outcome) => Object.assign(sentence, outcome));
    return sentence;
  }
}
