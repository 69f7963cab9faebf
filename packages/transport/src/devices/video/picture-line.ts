import type { Cancel, Clock, GlitchCounts, VideoFormat, VideoFrame } from '@sluice/core';
import type { HostVideoSource, MediaHost } from '../../host/media-host.ts';
import { deviceDestroyed } from '../device-errors.ts';
import type { DeviceUse } from '../device-use.ts';
import { DeviceUses } from '../device-uses.ts';
import type { PictureShedding } from '../load-watch.ts';
import { FreezeWatch } from './freeze-watch.ts';
import { enginePicture, inEngineColors, type PictureInput } from './picture-input.ts';
import type { PictureTarget } from './video-input.ts';

export interface PictureLineOptions {
  /** For messages, and as the owner of memory. */
  readonly name: string;
  readonly format: VideoFormat;
  readonly frameRate: number | undefined;
  readonly repeat: boolean;
  readonly screen: boolean;
  readonly clock: Clock;
  readonly host: MediaHost;
  /** Says when pictures give way. Default: never. */
  readonly load?: PictureShedding;
}

/** Pictures since the device was made. Each that was written is in one of the other counts, but for the newest one. */
export interface PictureCounters {
  /** What `writeFrame` has taken. */
  readonly written: number;
  /** Went to the engine. */
  readonly sent: number;
  /** Replaced by a newer one before the engine or the schedule was ready for them, or left out because the process has no time. */
  readonly dropped: number;
  /** Replaced while there was nobody who could have seen them. */
  readonly unseen: number;
  /** Times that a picture was sent again. */
  readonly repeated: number;
}

/** How soon a still picture is sent again, in milliseconds. */
const REPEAT_MS = 1_000;
/** For so long somebody new is still being served: a first picture may be lost, and is coarse. In milliseconds. */
const WELCOME_MS = 2_000;
const WELCOME_REPEAT_MS = 100;

/**
 * What cameras and custom sources have in common: a queue of one picture. A written picture is converted once, waits at
 * most until the engine has taken the one before it, and stays as the last picture, for those who come later.
 */
export class PictureLine implements PictureTarget {
  readonly #options: PictureLineOptions;
  readonly #uses = new DeviceUses((state) => {
    if (state === 'heard') this.#welcome();
    else this.#restUnseen();
  });
  readonly #freezes = new FreezeWatch();
  readonly #stopWatching: Cancel;
  #source: HostVideoSource;
  #last: VideoFrame | undefined;
  /** The last picture has not been sent. */
  #fresh = false;
  /** What the engine has not taken yet. */
  #underWay: VideoFrame | undefined;
  #counters = { written: 0, sent: 0, dropped: 0, unseen: 0, repeated: 0 };
  #sentAt = Number.NEGATIVE_INFINITY;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #welcomeUntil = Number.NEGATIVE_INFINITY;
  #nextTick = Number.NEGATIVE_INFINITY;
  #cancelTimer: Cancel | undefined;
  #closed = false;

  constructor(options: PictureLineOptions) {
    this.#options = options;
    this.#source = this.#createSource();
    this.#stopWatching = options.host.onDown(() => this.#renew());
  }

  get source(): HostVideoSource {
    this.#checkOpen();
    return this.#source;
  }

  /** Whether a client sends this device. */
  get active(): boolean {
    return this.#uses.any;
  }

  get counters(): PictureCounters {
    return { ...this.#counters };
  }

  get glitches(): GlitchCounts {
    return { ...this.#freezes.counts };
  }

  /** Takes what users write: in the device's format only. */
  write(picture: PictureInput): void {
    const { format, name } = this.#options;
    this.#checkOpen(picture);
    if (this.#isShed(picture)) return;
    this.#take(enginePicture(picture, format, name));
  }

  show(frame: VideoFrame): void {
    this.#checkOpen(frame);
    if (this.#isShed(frame)) return;
    this.#take(inEngineColors(frame, this.#options.name));
  }

  use(onGone?: () => void): DeviceUse {
    this.#checkOpen();
    const { set, close } = this.#uses.add(onGone);
    return {
      set,
      close: () => {
        close();
        this.#restUnseen();
      },
    };
  }

  get sheds(): boolean {
    return this.#options.load?.sheds === true;
  }

  rest(): void {
    this.#freezes.pause();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#source.close();
    this.#last?.close();
    this.#last = undefined;
    this.#uses.close()();
  }

  #checkOpen(dropped?: PictureInput): void {
    if (!this.#closed) return;
    if (dropped !== undefined && 'close' in dropped) dropped.close();
    throw deviceDestroyed(this.#options.name);
  }

  /** Before anything is converted. */
  #isShed(picture: PictureInput): boolean {
    const { clock, load } = this.#options;
    if (load?.shed(this.#writtenAt) !== true) {
      this.#writtenAt = clock.now();
      return false;
    }
    this.#counters.written++;
    this.#counters.dropped++;
    if ('close' in picture) picture.close();
    return true;
  }

  #createSource(): HostVideoSource {
    const { host, screen } = this.#options;
    return host.createVideoSource({ screen });
  }

  #take(picture: VideoFrame): void {
    this.#counters.written++;
    if (this.#fresh) this.#counters[this.#uses.heard ? 'dropped' : 'unseen']++;
    this.#last?.close();
    this.#last = picture;
    this.#fresh = true;
    if (this.#options.frameRate === undefined) this.#send();
    else this.#schedule();
  }

  #restUnseen(): void {
    if (!this.#uses.heard) this.rest();
  }

  /** Somebody new may be there. */
  #welcome(): void {
    if (this.#last === undefined) return;
    this.#welcomeUntil = this.#options.clock.now() + WELCOME_MS;
    if (this.#options.frameRate !== undefined) return this.#schedule();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#fresh || this.#options.repeat) this.#send();
    if (this.#options.repeat) this.#repeatLater();
  }

  #send(): void {
    if (this.#last === undefined || this.#underWay !== undefined || !this.#uses.heard) return;
    const lent = this.#last.clone();
    const again = !this.#fresh;
    this.#fresh = false;
    this.#underWay = lent;
    this.#sentAt = this.#options.clock.now();
    if (!again) this.#freezes.picture(lent, this.#sentAt);
    try {
      this.#source.write({ width: lent.width, height: lent.height, data: lent.data }, () => this.#taken(lent));
      this.#counters[again ? 'repeated' : 'sent']++;
    } catch {
      // The engine is down: its successor gets the last picture.
      if (!again) this.#counters.dropped++;
      this.#taken(lent);
    }
    if (this.#options.frameRate === undefined && this.#options.repeat) this.#repeatLater();
  }

  #taken(lent: VideoFrame): void {
    lent.close();
    if (this.#underWay !== lent) return;
    this.#underWay = undefined;
    if (this.#fresh && this.#options.frameRate === undefined) this.#send();
  }

  /** One timer serves any number of pictures: when it fires, it looks at when the last one was sent. */
  #repeatLater(): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    const interval = clock.now() < this.#welcomeUntil ? WELCOME_REPEAT_MS : REPEAT_MS;
    this.#cancelTimer ??= clock.at(this.#sentAt + interval, () => {
      this.#cancelTimer = undefined;
      if (!this.#uses.heard) return;
      if (clock.now() - this.#sentAt >= interval) this.#send();
      this.#repeatLater();
    });
  }

  /** The next tick of a device with a frame rate, on an absolute schedule that begins anew after a pause. */
  #schedule(): void {
    if (this.#closed || this.#cancelTimer !== undefined) return;
    const { clock, repeat } = this.#options;
    if (!this.#fresh && !(repeat && this.#uses.heard)) return;
    this.#nextTick = Math.max(this.#nextTick, clock.now());
    this.#cancelTimer = clock.at(this.#nextTick, this.#tick);
  }

  #tick = (): void => {
    const { clock, frameRate = 1 } = this.#options;
    const interval = 1000 / frameRate;
    this.#cancelTimer = undefined;
    // Ticks that a stall has swallowed are left out.
    this.#nextTick += interval * Math.max(1, Math.ceil((clock.now() - this.#nextTick) / interval));
    if (this.#uses.heard) this.#send();
    else if (this.#fresh) {
      this.#fresh = false;
      this.#counters.unseen++;
    }
    this.#schedule();
  };

  /** The engine died. The last picture is still here, for those who see the next engine. */
  #renew(): void {
    this.#underWay?.close();
    this.#underWay = undefined;
    try {
      this.#source = this.#createSource();
    } catch {
      // The engine stays down: writers learn it as `SLUICE_DEVICE_DESTROYED`.
      this.close();
    }
  }
}
