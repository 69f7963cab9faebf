import wrtc from '@roamhq/wrtc';
import { type VideoFrame, videoFramePool } from '@sluice/core';
import { fromTestPattern } from '@sluice/nodes';
import { lastValueFrom, toArray } from 'rxjs';
import { collectGarbage } from './collect-garbage.ts';
import { describe, type RawConnection } from './raw-connection.ts';
import type { Seen } from './seen.ts';
import { serve } from './serve.ts';

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What is used of the engine; its own declarations need the DOM library. */
interface Engine {
  readonly RTCPeerConnection: new () => RawConnection & { getReceivers(): readonly { readonly track: unknown }[] };
  readonly nonstandard: {
    readonly RTCVideoSource: new () => {
      createTrack(): Parameters<RawConnection['addTransceiver']>[0];
      onFrame(picture: Picture): void;
    };
    readonly RTCVideoSink: new (track: unknown) => { onframe: (event: { readonly frame: Picture }) => void };
  };
}

const { RTCPeerConnection, nonstandard } = wrtc as unknown as Engine;
const connection = new RTCPeerConnection();
const source = new nonstandard.RTCVideoSource();
let pictures: readonly VideoFrame[] = [];
let sink: InstanceType<Engine['nonstandard']['RTCVideoSink']> | undefined;
let seen: Seen = { pictures: 0, width: 0 };

serve({
  settle: collectGarbage,

  pool: () => videoFramePool.stats,

  async offer(width: number, height: number): Promise<string> {
    // A second of the pattern, drawn before anything is measured.
    pictures = await lastValueFrom(fromTestPattern({ width, height, frameRate: 30, frames: 30 }).pipe(toArray()));
    connection.addTransceiver(source.createTrack(), { direction: 'sendonly' });
    await connection.setLocalDescription(await connection.createOffer());
    return describe(connection);
  },

  async answer(sdp: string): Promise<string> {
    await connection.setRemoteDescription({ type: 'offer', sdp });
    sink = new nonstandard.RTCVideoSink(connection.getReceivers()[0]!.track);
    sink.onframe = ({ frame }) => {
      seen = { pictures: seen.pictures + 1, width: frame.width };
    };
    await connection.setLocalDescription(await connection.createAnswer());
    return describe(connection);
  },

  accept: (sdp: string) => connection.setRemoteDescription({ type: 'answer', sdp }),

  /** Sends the pictures again and again, 30 a second on an absolute schedule. */
  send(): void {
    const start = performance.now();
    let index = 0;
    const next = () => {
      source.onFrame(pictures[index % pictures.length]!);
      index++;
      setTimeout(next, Math.max(0, start + (index * 1000) / 30 - performance.now()));
    };
    next();
  },

  seen(): Seen {
    const result = seen;
    seen = { pictures: 0, width: seen.width };
    return result;
  },
});
