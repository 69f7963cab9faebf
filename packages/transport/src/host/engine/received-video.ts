import { type Clock, type ColorSpace, micros, videoFramePool } from '@sluice/core';
import { turnPicture } from '@sluice/core/kernels';
import { TokenBucket } from '@sluice/protocol';
import type { HostPicture } from '../media-host.ts';
import { fitsHost } from '../picture-limits.ts';
import { colorsOf } from './codec-colors.ts';
import { PacketCount } from './packet-count.ts';
import { PictureHold } from './picture-hold.ts';
import type { Received } from './received-track.ts';
import { releaseMemory } from './release-memory.ts';
import type { EngineVideoOutput, RtpReceiver, Wrtc } from './wrtc.ts';

/** Pictures that wait for their codec to be known. */
const MOST_EARLY = 4;

export interface ReceivedVideoHandlers {
  deliver(picture: HostPicture): void;
  /** Asks for the codec; the answer comes by `setCodec`. */
  learn(): void;
}

interface ReceivedVideoEngine {
  readonly wrtc: Wrtc;
  readonly clock: Clock;
  /** Pictures are copied into memory that is used again. */
  readonly reusePictures: boolean;
}

/**
 * Twice as many a second as cameras and screens send, and at once what 60 a second are after a second's pause: a far side may send
 * thousands of tiny ones, and each would be copied, converted and handed over.
 */
const PICTURES = { perSecond: 120, burst: 60 } as const;

/** A remote video track. Pictures are copied out of the engine only while somebody wants them. */
export class ReceivedVideo implements Received {
  readonly mid: string;
  readonly kind = 'video';
  readonly #receiver: RtpReceiver;
  readonly #wrtc: Wrtc;
  readonly #reuse: boolean;
  readonly #handlers: ReceivedVideoHandlers;
  #sink: EngineVideoOutput | undefined;
  #colors: ColorSpace | undefined;
  /** Came before the codec was known. */
  #early: HostPicture[] = [];
  readonly #packets: PacketCount;
  readonly #rate: TokenBucket;
  readonly #hold: PictureHold;
  #refused = 0;

  constructor(mid: string, receiver: RtpReceiver, engine: ReceivedVideoEngine, handlers: ReceivedVideoHandlers) {
    this.mid = mid;
    this.#receiver = receiver;
    this.#packets = new PacketCount(receiver, engine.clock);
    this.#rate = new TokenBucket({ clock: engine.clock, ...PICTURES });
    this.#wrtc = engine.wrtc;
    this.#reuse = engine.reusePictures;
    this.#handlers = handlers;
    this.#hold = new PictureHold(engine.clock, (picture) => this.#take(picture));
  }

  /** Pictures that are not delivered, because they are too large or too many. */
  get refused(): number {
    return this.#refused;
  }

  get newestAt(): number {
    return this.#packets.newestAt;
  }

  takeReceived(): number {
    return this.#packets.take();
  }

  receive(wanted: boolean): void {
    if (wanted === (this.#sink !== undefined)) return;
    if (!wanted) return this.close();
    this.#sink = new this.#wrtc.nonstandard.RTCVideoSink(this.#receiver.track);
    this.#sink.onframe = ({ frame: { width, height, data, rotation } }) => {
      if (this.#rate.tryTake()) return this.#hold.take(upright({ width, height, data }, rotation));
      this.#refused++;
      releaseMemory(data);
    };
  }

  get wanted(): boolean {
    return this.#sink !== undefined;
  }

  /** Pictures wait so many milliseconds from now on, at most 60, so that they come with their sound. */
  hold(ms: number): void {
    this.#hold.aim(ms);
  }

  /** The codec in which it comes. */
  setCodec(codec: string): void {
    this.#colors = colorsOf(codec);
    for (const picture of this.#early.splice(0)) this.#pass(picture, this.#colors);
  }

  close(): void {
    if (this.#sink === undefined) return;
    this.#sink.onframe = null;
    this.#sink.stop();
    this.#sink = undefined;
    this.#early = [];
    this.#hold.clear();
  }

  #take(picture: HostPicture): void {
    if (!fitsHost(picture.width, picture.height)) this.#refused++;
    else if (this.#colors !== undefined) this.#pass(picture, this.#colors);
    else {
      this.#handlers.learn();
      // The engine says what it receives a moment later: until then the newest ones wait.
      this.#early.push(picture);
      if (this.#early.length > MOST_EARLY) this.#pass(this.#early.shift()!, 'bt601');
    }
  }

  #pass(picture: HostPicture, colorSpace: ColorSpace): void {
    this.#handlers.deliver({ ...(this.#reuse ? inPooledMemory(picture) : picture), colorSpace });
  }
}

/** Phones send pictures as the sensor lies and say how to turn them. */
function upright(picture: HostPicture, degrees: number): HostPicture {
  if ((degrees !== 90 && degrees !== 180 && degrees !== 270) || !fitsHost(picture.width, picture.height))
    return picture;
  const { width, height, data } = picture;
  const size = degrees === 180 ? { width, height } : { width: height, height: width };
  const turned = { ...size, data: new Uint8Array(data.length) };
  turnPicture({ ...picture, format: 'I420' }, { ...turned, format: 'I420' }, degrees);
  releaseMemory(data);
  return turned;
}

/** The engine's own arrays are new each time and would pile up in a pool that they are given to. */
function inPooledMemory({ width, height, data }: HostPicture): HostPicture {
  const frame = videoFramePool.frame({ width, height, format: 'I420', timestamp: micros(0) }, 'media host');
  frame.data.set(data);
  releaseMemory(data);
  return { width, height, data: frame.detach() };
}
