import {
  type ActorContext,
  createSink,
  describeVideoFormat,
  type GlitchCounts,
  glitchesSince,
  invalidArgument,
  leasedWriter,
  type Sink,
  type SinkLease,
  type SinkWriter,
  SluiceError,
  type VideoFormat,
  type VideoFrame,
} from '@sluice/core';
import type { PictureTarget } from '../devices/video/video-input.ts';
import { unsent } from './device-sink.ts';
import { PictureSchedule } from './picture-schedule.ts';

/** What a graph needs of a device that shows pictures. */
export interface PictureDevice extends Pick<VideoFormat, 'width' | 'height'> {
  readonly input: PictureTarget;
  /** Whether a client sends it; absent where nobody knows. */
  readonly active?: boolean;
}

/** What a sink of pictures was given. */
export interface PictureSummary {
  /** Pictures that the device was given; its counters tell what became of them. */
  readonly written: number;
  /** Pictures that an interruption made obsolete. */
  readonly dropped: number;
}

const shedding =
  'shows 5 pictures a second, because this process has no time and sound goes first; give it more, run less in it, or put inWorker() around what is slow';
/** The picture that waits until it is due, and the next one. */
const MOST_HELD = 2;
/** Pictures that may wait where nothing can be held back. */
const MOST_QUEUED = 8;

/** Shows a stream on a device; `lease` as in `PlayoutSinkOptions`. */
export function pictureSink(
  name: string,
  device: PictureDevice,
  lease?: () => Promise<SinkLease>,
): Sink<VideoFrame, PictureSummary> {
  if (typeof device?.input?.show !== 'function') throw invalidArgument(name, 'a camera or custom video source', device);
  const { width, height } = device;
  let before: GlitchCounts | undefined;
  const open = (context: ActorContext) => {
    before = device.input.glitches;
    return new PictureWriter(name, device, context);
  };
  return createSink<VideoFrame, PictureSummary>({
    name,
    accepts: { kind: 'video', width, height },
    maxHeld: MOST_HELD,
    problems: () => [...(device.active === false ? [unsent] : []), ...(device.input.sheds ? [shedding] : [])],
    maxQueued: MOST_QUEUED,
    glitches: () => glitchesSince(device.input.glitches, before ?? device.input.glitches),
    open: lease === undefined ? open : async (context) => leasedWriter(await lease(), open(context)),
  });
}

class PictureWriter implements SinkWriter<VideoFrame, PictureSummary> {
  readonly #name: string;
  readonly #device: PictureDevice;
  readonly #context: ActorContext;
  readonly #schedule = new PictureSchedule();
  readonly #stopListening: () => void;
  #written = 0;
  #dropped = 0;
  /** The picture that is not due yet: ends its waiting now, or lets it wait from now on. */
  #hurry: (() => void) | undefined;
  #wait: ((delayMs: number) => void) | undefined;
  #cancelWait = () => {};
  /** Clock time. */
  #pausedAt: number | undefined;
  #aborted = false;
  /** Pictures made before this epoch are void: the graph's epoch may be another scope's. */
  #minEpoch = 0;

  constructor(name: string, device: PictureDevice, context: ActorContext) {
    this.#name = name;
    this.#device = device;
    this.#context = context;
    this.#stopListening = context.onInterrupt(({ epoch }) => {
      this.#minEpoch = epoch;
      this.#schedule.restart();
      device.input.rest();
      this.#hurry?.();
    });
  }

  write(frame: VideoFrame): void | Promise<void> {
    const { clock, paced } = this.#context;
    const { width, height } = this.#device;
    const isVoid = frame.epoch < this.#minEpoch;
    if (!isVoid && (frame.width !== width || frame.height !== height)) throw wrongSize(this.#name, this.#device, frame);
    const now = clock.now();
    // What comes in its own time is not held back.
    const due = paced || isVoid ? now : this.#schedule.due(frame.timestamp, now);
    return due > now ? this.#showAt(due, frame) : this.#show(frame);
  }

  pause(): void {
    this.#pausedAt ??= this.#context.clock.now();
    this.#cancelWait();
    this.#device.input.rest();
  }

  /** The schedule goes on where it stood. */
  resume(): void {
    if (this.#pausedAt === undefined) return;
    const pausedMs = this.#context.clock.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    this.#schedule.delay(pausedMs);
    this.#wait?.(pausedMs);
  }

  end(): PictureSummary {
    this.#stopListening();
    return { written: this.#written, dropped: this.#dropped };
  }

  abort(): void {
    this.#stopListening();
    this.#aborted = true;
    this.#hurry?.();
  }

  #showAt(due: number, frame: VideoFrame): Promise<void> {
    const { clock } = this.#context;
    return new Promise((resolve, reject) => {
      let at = due;
      const show = () => {
        this.#hurry = undefined;
        this.#wait = undefined;
        this.#cancelWait();
        try {
          this.#show(frame);
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      this.#hurry = show;
      this.#wait = (delayMs) => {
        at += delayMs;
        this.#cancelWait = clock.at(at, show);
      };
      if (this.#pausedAt === undefined) this.#wait(0);
    });
  }

  #show(frame: VideoFrame): void {
    if (this.#aborted || frame.epoch < this.#minEpoch) {
      this.#dropped++;
      frame.close();
      return;
    }
    this.#written++;
    this.#device.input.show(frame);
  }
}

function wrongSize(name: string, device: Pick<VideoFormat, 'width' | 'height'>, frame: VideoFrame): SluiceError {
  const error = new SluiceError('SLUICE_LINK_FORMAT', `${name} got pictures of another size than its device has`, {
    expected: `${device.width}x${device.height}`,
    received: describeVideoFormat(frame),
    fix: 'Put scale() before it',
    nodeId: name,
    timestamp: frame.timestamp,
  });
  frame.close();
  return error;
}
