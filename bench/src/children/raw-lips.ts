import wrtc from '@roamhq/wrtc';
import { type Frame, realClock, type Source, type VideoFrame } from '@sluice/core';
import { fromSyncBeeps, fromTestPattern, readTestPattern, toFrames } from '@sluice/nodes';
import { SkewMeter } from '@sluice/transport/testing';
import { blockOnce } from './block-loop.ts';
import { describe, type RawConnection } from './raw-connection.ts';
import { serve } from './serve.ts';

type Track = Parameters<RawConnection['addTransceiver']>[0];
type Picture = Pick<VideoFrame, 'width' | 'height' | 'data'>;

/** What is used of the engine; its own declarations need the DOM library. */
interface Engine {
  readonly RTCPeerConnection: new () => RawConnection;
  readonly nonstandard: {
    readonly RTCAudioSource: new () => { createTrack(): Track; onData(data: object): void };
    readonly RTCAudioSink: new (track: unknown) => { ondata: (audio: { readonly samples: Int16Array }) => void };
    readonly RTCVideoSource: new () => { createTrack(): Track; onFrame(picture: Picture): void };
    readonly RTCVideoSink: new (track: unknown) => { onframe: (event: { readonly frame: Picture }) => void };
  };
}

const { RTCPeerConnection, nonstandard } = wrtc as unknown as Engine;
const connection = new RTCPeerConnection();
const audio = new nonstandard.RTCAudioSource();
const video = new nonstandard.RTCVideoSource();
const meter = new SkewMeter();
/** Sinks that are not kept are collected. */
const kept: unknown[] = [];

serve({
  async offer(): Promise<string> {
    for (const source of [audio, video]) connection.addTransceiver(source.createTrack(), { direction: 'sendonly' });
    await connection.setLocalDescription(await connection.createOffer());
    // One stream, as a page has it: the far side plays its tracks in step.
    return (await describe(connection)).replace(/^(a=msid:|a=ssrc:\d+ msid:)\S+/gm, '$1lips');
  },

  async answer(sdp: string): Promise<string> {
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await connection.setLocalDescription(await connection.createAnswer());
    return describe(connection);
  },

  accept: (sdp: string) => connection.setRemoteDescription({ type: 'answer', sdp }),

  /** Sends the test pattern with its beeps, both on one absolute schedule, what is late at once. */
  speak(size: { width: number; height: number; frameRate: number }, duration: number): void {
    const start = realClock.now();
    const sounds = each(fromSyncBeeps({ duration, frameMs: 10 }));
    every(10, start, duration * 100, async () => {
      const { samples, sampleRate, length } = await sounds();
      audio.onData({ samples, sampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: length });
    });
    const pictures = each(fromTestPattern({ ...size, duration }));
    every(1000 / size.frameRate, start, duration * size.frameRate, async () => {
      const picture = await pictures();
      video.onFrame(picture);
      picture.close();
    });
  },

  watch(): void {
    const [heard, seen] = connection.getTransceivers().map(({ receiver }) => receiver.track);
    const ears = new nonstandard.RTCAudioSink(heard);
    ears.ondata = ({ samples }) => meter.hear(samples, realClock.now());
    const eyes = new nonstandard.RTCVideoSink(seen);
    eyes.onframe = ({ frame }) => {
      const at = realClock.now();
      meter.see(readTestPattern({ ...frame, format: 'I420' }), at);
    };
    kept.push(ears, eyes);
  },

  block: blockOnce,
  skews: (fromS: number, toS: number) => meter.report(fromS, toS),
});

/** The frames of a source, one with each call. */
function each<F extends Frame>(source: Source<F>): () => Promise<F> {
  const frames = toFrames<F>();
  source.subscribe(frames);
  const iterator = frames[Symbol.asyncIterator]();
  return async () => (await iterator.next()).value;
}

function every(ms: number, start: number, count: number, act: () => void): void {
  let done = 0;
  const tick = () => {
    for (; done < count && start + done * ms <= realClock.now(); done++) act();
    if (done < count) realClock.at(start + done * ms, tick);
  };
  tick();
}
