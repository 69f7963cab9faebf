import wrtc from '@roamhq/wrtc';
import { type ColorFormat, type VideoFrame, videoFramePool } from '@sluice/core';
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
    rgbaToI420(from: Picture, to: Picture): void;
    readonly RTCVideoSource: new () => {
      createTrack(): Parameters<RawConnection['addTransceiver']>[0];
      onFrame(picture: Picture): void;
    };
    readonly RTCVideoSink: new (track: unknown) => { onframe: (event: { readonly frame: Picture }) => void };
  };
}

const { RTCPeerConnection, nonstandard } = wrtc as unknown as Engine;
const badge = { width: 400, height: 100, margin: 40, opacity: 0.8, luma: 67, u: 164, v: 104 };
const connection = new RTCPeerConnection();
const source = new nonstandard.RTCVideoSource();
let pictures: readonly VideoFrame[] = [];
let sink: InstanceType<Engine['nonstandard']['RTCVideoSink']> | undefined;
let seen: Seen = { pictures: 0, width: 0 };

serve({
  settle: collectGarbage,

  pool: () => videoFramePool.stats,

  async offer(width: number, height: number, format: ColorFormat): Promise<string> {
    // A second of the pattern, drawn before anything is measured.
    const pattern = fromTestPattern({ width, height, frameRate: 30, frames: 30, format });
    pictures = await lastValueFrom(pattern.pipe(toArray()));
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

  /** Sends the pictures again and again, 30 a second on an absolute schedule; those in RGBA as a program has to that draws. */
  send(): void {
    const { width, height, format } = pictures[0]!;
    const show = format === 'RGBA' ? drawing(width, height) : (picture: Picture) => source.onFrame(picture);
    const start = performance.now();
    let index = 0;
    const next = () => {
      show(pictures[index % pictures.length]!);
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

/** Draws into a canvas (the least that drawing costs: all bytes are written), converts it and lays a badge on it, by hand. */
function drawing(width: number, height: number): (picture: Picture) => void {
  const canvas = { width, height, data: new Uint8Array(width * height * 4) };
  const sent = { width, height, data: new Uint8Array((width * height * 3) / 2) };
  const [left, top] = [width - badge.margin - badge.width, badge.margin];
  const size = (width * height) / 4;
  const planes = [
    { at: 0, stride: width, part: 1, level: badge.luma },
    { at: 4 * size, stride: width / 2, part: 2, level: badge.u },
    { at: 5 * size, stride: width / 2, part: 2, level: badge.v },
  ];
  return (picture) => {
    canvas.data.set(picture.data);
    nonstandard.rgbaToI420(canvas, sent);
    for (const { at, stride, part, level } of planes)
      for (let y = top / part; y < (top + badge.height) / part; y++)
        for (let x = left / part; x < (left + badge.width) / part; x++) {
          const index = at + y * stride + x;
          sent.data[index] = Math.round(level * badge.opacity + sent.data[index]! * (1 - badge.opacity));
        }
    source.onFrame(sent);
  };
}
