import { type AudioFrame, createSink, microsToSamples, type Sink, type Source } from '@sluice/core';
import { Outlet } from './outlet.ts';
import { TrackLine } from './track-line.ts';

export interface VoiceFormat {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
}

/** A track that is recorded: what comes in as it is heard, and what leaves on the line, for its file and for the mix. */
export class Voice {
  readonly line: TrackLine;
  /** Takes what is received. */
  readonly heard: Sink<AudioFrame, void>;
  readonly #format: VoiceFormat;
  readonly #track: Outlet;
  #mixed: Outlet | undefined;
  /** No more comes in. */
  #left = false;

  /** `now`: where the line is at this moment; `position`: up to where it was taken; in samples per channel. */
  constructor(format: VoiceFormat, position: number, now: () => number) {
    this.#format = format;
    this.line = new TrackLine(format.sampleRate, format.channels, position);
    this.#track = new Outlet('track', format.sampleRate, format.channels, 0);
    this.heard = this.#hear(now);
  }

  /** From the beginning of the line to its end; where nothing was received there is a gap. */
  get track(): Source<AudioFrame> {
    return this.#track.source;
  }

  /** All that is heard from an index on, silence included, until the track is over. */
  mixedFrom(index: number): Source<AudioFrame> {
    this.#mixed = new Outlet('voice', this.#format.sampleRate, this.#format.channels, index);
    return this.#mixed.source;
  }

  /** The line goes on from one index to another. */
  advance(from: number, to: number): void {
    const block = this.line.take(to);
    if (block !== undefined) this.#track.send(block, from);
    const mixed = this.#mixed;
    if (mixed === undefined || to <= mixed.position) return;
    const begin = Math.max(from, mixed.position);
    const { channels } = this.#format;
    const sound = block?.slice((begin - from) * channels) ?? new Int16Array((to - begin) * channels);
    mixed.send(sound, begin);
    if (this.#left && block === undefined) mixed.end();
  }

  /** The recording ends at an index. */
  end(at: number): void {
    this.#track.fill(at);
    this.#track.end();
    this.#mixed?.end();
  }

  #hear(now: () => number): Sink<AudioFrame, void> {
    const { sampleRate, channels } = this.#format;
    return createSink<AudioFrame, void>({
      name: 'line',
      accepts: { kind: 'audio', sampleRate, channels },
      open: () => ({
        write: (frame) => {
          this.line.hear(frame.samples.slice(), microsToSamples(frame.timestamp, sampleRate), now());
          frame.close();
        },
        end: () => {
          this.#left = true;
        },
        abort: () => {
          this.#left = true;
        },
      }),
    });
  }
}
