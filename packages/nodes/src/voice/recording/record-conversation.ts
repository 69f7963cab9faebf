// A conversation as it was heard: both voices on one time line, in a file. No turn and no model.

import {
  AudioFrame,
  type Cancel,
  type Clock,
  checkKeys,
  createSink,
  idsOf,
  micros,
  pushSource,
  type Sink,
  type Source,
} from '@sluice/core';
import { checkNumber } from '../../options/check-option.ts';
import { MediaClock } from '../hearing/media-clock.ts';
import type { SpokenReceipt } from '../saying/spoken-receipt.ts';
import { StereoTimeline } from './stereo-timeline.ts';
import { VoiceTrack } from './voice-track.ts';

/** How long after it was heard a moment is written, in seconds: what is told late finds its place. */
const DELAY_S = 2;
/** How far ahead sound may lie that is on its way to a device, in seconds. */
const AHEAD_S = 2;

/** Receipts that also tell when each part of an utterance leaves the device. */
export interface MarkedReceipt extends SpokenReceipt {
  /** Calls when the sample `atMs` milliseconds after its first has left, until the returned function is called; never if it was dropped. */
  mark(atMs: number, reached: () => void): Cancel;
}

/** Clock and rate of a recorded conversation. */
export interface RecordConversationOptions {
  /** The graph's clock. */
  readonly clock: Clock;
  /** Hz. Default 16,000. */
  readonly sampleRate?: number;
}

/** Both voices of a conversation, as they were heard. */
export interface ConversationRecording {
  /** Takes what is heard from afar, as it comes: the left channel. */
  readonly heard: Sink<AudioFrame, void>;
  /** Takes what is said here, ahead of its time: the right channel. `receipt` tells when it leaves the device. */
  said(receipt: (id: string) => MarkedReceipt): Sink<AudioFrame, void>;
  /** Both on one line, left and right, two seconds after they were heard. */
  readonly stereo: Source<AudioFrame>;
  /** The clock at the first sample, in milliseconds: what is subtracted from times of the log. */
  readonly startMs: number;
  /** No more comes: `stereo` tells what is left and completes. */
  end(): void;
  /** Samples that found no place because they were told of too late. */
  readonly lost: number;
}

/**
 * Records a conversation in stereo: what is heard at the left, what is said at the right, each sample where it was heard.
 * Sound that is said is placed by the device's receipts, to their 10 ms: what an interruption drops is not in it, and what
 * a pause delays comes later. Both stay on the wall clock, so that after hours they are still within a frame of it.
 * Mono; a graph converts.
 *
 * @example
 * const recording = recordConversation({ clock: bot.clock });
 * hears.to(recording.heard);
 * voice.to(recording.said((id) => speaks.utterance(id)));
 * bot.from(recording.stereo).to(toWavFile('conversation.wav'));
 */
export function recordConversation(options: RecordConversationOptions): ConversationRecording {
  checkKeys<RecordConversationOptions>('recordConversation', options, { clock: true, sampleRate: true });
  const { clock, sampleRate = 16_000 } = options;
  checkNumber('recordConversation.sampleRate', sampleRate, { min: 8_000, max: 48_000, unit: 'Hz', integer: true });
  return new Recording(clock, sampleRate);
}

class Recording implements ConversationRecording {
  readonly startMs: number;
  readonly heard: Sink<AudioFrame, void>;
  readonly stereo: Source<AudioFrame>;
  readonly #clock: Clock;
  readonly #rate: number;
  readonly #line: StereoTimeline;
  #lost = 0;
  #finish: (() => void) | undefined;
  #ended = false;

  constructor(clock: Clock, sampleRate: number) {
    this.#clock = clock;
    this.#rate = sampleRate;
    this.startMs = clock.now();
    this.#line = new StereoTimeline((DELAY_S + AHEAD_S) * sampleRate);
    this.heard = this.#hear();
    this.stereo = this.#play();
  }

  get lost(): number {
    return this.#lost;
  }

  end(): void {
    this.#ended = true;
    this.#finish?.();
  }

  said(receipt: (id: string) => MarkedReceipt): Sink<AudioFrame, void> {
    const track = new VoiceTrack(this.#rate);
    const offsets = new Map<string, number>();
    return this.#sink('recordConversation.said', (frame) => {
      const id = idsOf(frame.utterance)[0];
      if (id === undefined) return;
      const offset = offsets.get(id) ?? 0;
      if (offset === 0 && offsets.size > 64) offsets.delete(offsets.keys().next().value!);
      offsets.set(id, offset + frame.length);
      const told = receipt(id);
      // Piece by piece: a sentence may come as one frame, and be paused or cut in its middle.
      const piece = this.#rate / 50;
      for (let at = 0; at < frame.length; at += piece) {
        const samples = frame.samples.slice(at, at + piece);
        told.mark(((offset + at) * 1_000) / this.#rate, () => this.#place(1, track, samples, this.#clock.now()));
      }
    });
  }

  #hear(): Sink<AudioFrame, void> {
    const track = new VoiceTrack(this.#rate);
    const media = new MediaClock();
    return this.#sink('recordConversation.heard', (frame) => {
      media.arrived(frame, this.#clock.now());
      this.#place(0, track, frame.samples, media.msOf(frame.timestamp));
    });
  }

  #sink(name: string, take: (frame: AudioFrame) => void): Sink<AudioFrame, void> {
    return createSink<AudioFrame, void>({
      name,
      accepts: { kind: 'audio', sampleRate: this.#rate, channels: 1 },
      open: () => ({
        write: (frame) => {
          take(frame);
          frame.close();
        },
        end: () => {},
      }),
    });
  }

  #place(channel: 0 | 1, track: VoiceTrack, samples: Int16Array, ms: number): void {
    this.#lost += this.#line.place(channel, samples, track.place(ms - this.startMs, samples.length));
  }

  /** Says each 20 ms what was heard two seconds ago. */
  #play(): Source<AudioFrame> {
    const rate = this.#rate;
    const format = { kind: 'audio', sampleRate: rate, channels: 2 } as const;
    return pushSource<AudioFrame>({ name: 'recordConversation', live: true, format }, (destination) => {
      let cancel: Cancel = () => {};
      const say = (upToMs: number) => {
        const from = this.#line.position;
        const samples = this.#line.take(Math.round(((upToMs - this.startMs) * rate) / 1_000));
        if (samples.length === 0) return;
        const timestamp = micros(Math.round((from * 1_000_000) / rate));
        destination.next(new AudioFrame({ samples, sampleRate: rate, channels: 2, timestamp }));
      };
      const tick = () => {
        // Who takes it may end this meanwhile.
        cancel = this.#clock.at(this.#clock.now() + 20, tick);
        say(this.#clock.now() - DELAY_S * 1_000);
      };
      this.#finish = () => {
        cancel();
        say(this.#clock.now());
        destination.complete();
      };
      if (this.#ended) this.#finish();
      else tick();
      return () => cancel();
    });
  }
}
