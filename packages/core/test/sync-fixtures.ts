import {
  AudioFrame,
  type Clock,
  createSink,
  type Micros,
  pullSource,
  type Sink,
  type Source,
  samplesToMicros,
  type VideoFrame,
  videoFrame,
} from '../src/index.ts';

const RATE = 16_000;
/** 10 ms. */
const SLICE = RATE / 100;

/** `durationMs` of audio in frames of 20 ms, whose samples count up, from media time `startMs` on. */
export function talk(durationMs: number, startMs = 0): Source<AudioFrame> {
  return pullSource<AudioFrame>({ name: 'talk', format: { kind: 'audio', sampleRate: RATE, channels: 1 } }, () => {
    let index = 0;
    return {
      read: () => {
        if (index * 20 >= durationMs) return null;
        const timestamp = samplesToMicros((startMs * RATE) / 1000 + index * 2 * SLICE, RATE);
        index++;
        return new AudioFrame({ samples: new Int16Array(2 * SLICE), sampleRate: RATE, channels: 1, timestamp });
      },
    };
  });
}

export function picture(timestamp: number, duration = 0, width = 1): VideoFrame {
  return videoFrame({
    data: new Uint8Array(4 * width),
    width,
    height: 1,
    format: 'RGBA',
    timestamp: Math.round(timestamp) as Micros,
    duration: duration as Micros,
  });
}

/** `count` pictures at `fps`, from media time `startMs` on. */
export function film(count: number, { fps = 25, startMs = 0 } = {}): Source<VideoFrame> & { reads: number } {
  const source = pullSource<VideoFrame>({ name: 'film' }, () => {
    let index = 0;
    return {
      read: () => {
        if (index >= count) return null;
        result.reads++;
        return picture(startMs * 1000 + (index++ * 1_000_000) / fps);
      },
    };
  });
  const result = Object.assign(source, { reads: 0 });
  return result;
}

export interface Shown {
  /** Timestamp of the frame in milliseconds. */
  readonly ms: number;
  /** Clock time in milliseconds. */
  readonly at: number;
  readonly frame: VideoFrame;
}

/** A screen: notes what it is given and when. */
export function screen(name = 'screen'): Sink<VideoFrame> & { shown: Shown[] } {
  const shown: Shown[] = [];
  const sink = createSink<VideoFrame>({
    name,
    open: ({ clock }) => ({
      write: (frame) => {
        frame.close();
        shown.push({ ms: frame.timestamp / 1000, at: clock.now(), frame });
      },
      end: () => {},
    }),
  });
  return Object.assign(sink, { shown });
}

export interface PlayerOptions {
  readonly name?: string;
  /** 1.001 is a device that runs 0.1 % fast. */
  readonly speed?: number;
  /** How long after its first frame it begins to play. */
  readonly delayMs?: number;
}

/** How much a player may be ahead of playing before its writes wait. */
const CAPACITY_MS = 250;

/** A device that plays by itself, as a microphone of a call does: 10 ms at a time, at a speed of its own, counting. */
export class Player {
  readonly sink: Sink<AudioFrame>;
  /** The slices that it played, in order: media time in milliseconds, and when. */
  readonly played: { readonly ms: number; readonly at: number }[] = [];
  stalled = false;
  paused = false;
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #delayMs: number;
  #slices: number[] = [];
  #last: { readonly media: number; readonly at: number } | undefined;
  #cancelTick: (() => void) | undefined;
  #room: (() => void)[] = [];
  #finish: (() => void) | undefined;

  constructor(clock: Clock, { name = 'player', speed = 1, delayMs = 0 }: PlayerOptions = {}) {
    this.#clock = clock;
    this.#speed = speed;
    this.#delayMs = delayMs;
    this.sink = createSink<AudioFrame>({
      name,
      plays: true,
      open: (context) => {
        context.onInterrupt(() => this.#clear());
        return {
          write: (frame) => this.#write(frame),
          position: () => this.#position(),
          pause: () => {
            this.paused = true;
          },
          resume: () => {
            this.paused = false;
          },
          end: () =>
            new Promise((resolve) => {
              this.#finish = resolve;
              if (this.#cancelTick === undefined) resolve();
            }),
          abort: () => {
            this.#cancelTick?.();
            this.#clear();
          },
        };
      },
    });
  }

  #write(frame: AudioFrame): Promise<void> | undefined {
    const count = Math.floor(frame.length / SLICE);
    for (let i = 0; i < count; i++) this.#slices.push(frame.timestamp + i * 10_000);
    frame.close();
    this.#cancelTick ??= this.#clock.at(this.#clock.now() + this.#delayMs, () => this.#tick(this.#clock.now()));
    if (this.#slices.length * 10 <= CAPACITY_MS) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  #tick(time: number): void {
    const media = this.stalled || this.paused ? undefined : this.#slices.shift();
    if (media !== undefined) {
      this.#last = { media, at: time };
      this.played.push({ ms: media / 1000, at: time });
    }
    if (this.#slices.length * 10 <= CAPACITY_MS) for (const go of this.#room.splice(0)) go();
    if (this.#slices.length === 0 && this.#finish !== undefined) return this.#finish();
    const next = time + 10 / this.#speed;
    this.#cancelTick = this.#clock.at(next, () => this.#tick(next));
  }

  #position(): Micros | undefined {
    if (this.#last === undefined) return undefined;
    const ms = Math.min((this.#clock.now() - this.#last.at) * this.#speed, 10);
    return Math.round(this.#last.media + ms * 1000) as Micros;
  }

  #clear(): void {
    this.#slices = [];
    this.#last = undefined;
    for (const go of this.#room.splice(0)) go();
  }
}
