import { micros, videoFramePool } from '@sluice/core';
import type { HostPicture } from '../media-host.ts';
import { fitsHost } from '../picture-limits.ts';
import type { Received } from './received-track.ts';
import type { EngineVideoOutput, RtpReceiver, Wrtc } from './wrtc.ts';

/** Time that stands for a packet, in milliseconds: many packets carry one picture, and one is enough to be alive. */
const PACKET_MS = 20;
const MOST_RECKONED = 25;

/** A remote video track. Pictures are copied out of the engine only while somebody wants them. */
export class ReceivedVideo implements Received {
  readonly mid: string;
  readonly kind = 'video';
  readonly #receiver: RtpReceiver;
  readonly #wrtc: Wrtc;
  readonly #reuse: boolean;
  readonly #deliver: (picture: HostPicture) => void;
  #sink: EngineVideoOutput | undefined;
  #newestPacket = 0;
  #refused = 0;

  constructor(mid: string, receiver: RtpReceiver, wrtc: Wrtc, reuse: boolean, deliver: (picture: HostPicture) => void) {
    this.mid = mid;
    this.#receiver = receiver;
    this.#wrtc = wrtc;
    this.#reuse = reuse;
    this.#deliver = deliver;
  }

  get refused(): number {
    return this.#refused;
  }

  takeReceived(): number {
    const newest = this.#receiver.getSynchronizationSources()[0]?.timestamp ?? this.#newestPacket;
    const elapsed = this.#newestPacket === 0 ? PACKET_MS : newest - this.#newestPacket;
    this.#newestPacket = newest;
    return newest === 0 ? 0 : Math.min(MOST_RECKONED, Math.max(0, Math.round(elapsed / PACKET_MS)));
  }

  receive(wanted: boolean): void {
    if (wanted === (this.#sink !== undefined)) return;
    if (!wanted) return this.close();
    this.#sink = new this.#wrtc.nonstandard.RTCVideoSink(this.#receiver.track);
    this.#sink.onframe = ({ frame: { width, height, data } }) => this.#take({ width, height, data });
  }

  close(): void {
    if (this.#sink === undefined) return;
    this.#sink.onframe = null;
    this.#sink.stop();
    this.#sink = undefined;
  }

  #take(picture: HostPicture): void {
    if (!fitsHost(picture.width, picture.height)) this.#refused++;
    else this.#deliver(this.#reuse ? inPooledMemory(picture) : picture);
  }
}

/** The engine's own arrays are new each time and would pile up in a pool that they are given to. */
function inPooledMemory({ width, height, data }: HostPicture): HostPicture {
  const frame = videoFramePool.frame({ width, height, format: 'I420', timestamp: micros(0) }, 'media host');
  frame.data.set(data);
  return { width, height, data: frame.detach() };
}
