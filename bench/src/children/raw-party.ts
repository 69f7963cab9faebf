import wrtc from '@roamhq/wrtc';
import type { VideoFrame } from '@sluice/core';
import { fromTestPattern } from '@sluice/nodes';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, type RawConnection } from './raw-connection.ts';
import { serve } from './serve.ts';
import { speakSlices } from './speak-slices.ts';
import { toneSlices } from './tone-slices.ts';

type Track = Parameters<RawConnection['addTransceiver']>[0];
type Picture = Pick<VideoFrame, 'width' | 'height' | 'data'>;
type Connection = RawConnection & { getReceivers(): readonly { readonly track: { readonly kind: string } }[] };

/** What is used of the engine; its own declarations need the DOM library. */
interface Engine {
  readonly RTCPeerConnection: new () => Connection;
  readonly nonstandard: {
    readonly RTCAudioSource: new () => { createTrack(): Track; onData(data: object): void };
    readonly RTCAudioSink: new (track: unknown) => { ondata: (audio: { readonly samples: Int16Array }) => void };
    readonly RTCVideoSource: new () => { createTrack(): Track; onFrame(picture: Picture): void };
    readonly RTCVideoSink: new (track: unknown) => { onframe: () => void };
  };
}

const { RTCPeerConnection, nonstandard } = wrtc as unknown as Engine;
const slices = toneSlices(440, 10);
let heard = 0;
let seen = 0;
/** Sinks that are not kept are collected. */
const kept: unknown[] = [];

serve({
  /** Everybody with everybody: all speak, the first `cameras` of them show the test pattern. */
  async meet(
    count: number,
    cameras: number,
    size: { width: number; height: number; frameRate: number },
  ): Promise<void> {
    const { frameRate } = size;
    const pictures = await lastValueFrom(fromTestPattern({ ...size, frames: frameRate }).pipe(toArray()));
    const members = Array.from({ length: count }, (_, index) => ({
      audio: new nonstandard.RTCAudioSource(),
      video: index < cameras ? new nonstandard.RTCVideoSource() : undefined,
    }));
    for (const [index, from] of members.entries())
      for (const to of members.slice(index + 1)) await connect([from.audio, from.video], [to.audio, to.video]);
    const write = (samples: Int16Array) => {
      const format = { sampleRate: 48_000, bitsPerSample: 16, channelCount: 1, numberOfFrames: samples.length };
      for (const { audio } of members) audio.onData({ samples, ...format });
    };
    speakSlices([{ write }], slices);
    show(pictures, frameRate, (picture) => {
      for (const { video } of members) video?.onFrame(picture);
    });
  },

  /** Milliseconds of audio and pictures that all have received together so far. */
  received: () => ({ heardMs: heard, seen }),
});

type Source = { createTrack(): Track } | undefined;

async function connect(from: readonly Source[], to: readonly Source[]): Promise<void> {
  const [offerer, answerer] = [new RTCPeerConnection(), new RTCPeerConnection()];
  kept.push(offerer, answerer);
  for (const source of from)
    if (source !== undefined) offerer.addTransceiver(source.createTrack(), { direction: 'sendrecv' });
  await offerer.setLocalDescription(await offerer.createOffer());
  await answerer.setRemoteDescription({ type: 'offer', sdp: await describe(offerer) });
  for (const [index, transceiver] of answerer.getTransceivers().entries()) {
    const source = to[index];
    if (source === undefined) continue;
    transceiver.direction = 'sendrecv';
    await transceiver.sender.replaceTrack(source.createTrack() as never);
  }
  await answerer.setLocalDescription(await answerer.createAnswer());
  await offerer.setRemoteDescription({ type: 'answer', sdp: await describe(answerer) });
  for (const connection of [offerer, answerer]) for (const { track } of connection.getReceivers()) receive(track);
}

function receive(track: { readonly kind: string }): void {
  if (track.kind === 'audio') {
    const sink = new nonstandard.RTCAudioSink(track);
    sink.ondata = ({ samples }) => {
      heard += samples.length / 48;
    };
    kept.push(sink);
  } else {
    const sink = new nonstandard.RTCVideoSink(track);
    sink.onframe = () => seen++;
    kept.push(sink);
  }
}

function show(pictures: readonly VideoFrame[], frameRate: number, write: (picture: VideoFrame) => void): void {
  const start = performance.now();
  let index = 0;
  const next = () => {
    write(pictures[index % pictures.length]!);
    index++;
    setTimeout(next, Math.max(0, start + (index * 1000) / frameRate - performance.now()));
  };
  next();
}
