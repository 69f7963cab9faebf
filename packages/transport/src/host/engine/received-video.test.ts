import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import type { HostPicture } from '../media-host.ts';
import { ReceivedVideo } from './received-video.ts';
import type { EngineVideoOutput, RtpReceiver, Wrtc } from './wrtc.ts';

/** A received track whose engine gives a picture whenever the test says so. */
function received({ reusePictures = false } = {}) {
  const clock = new VirtualClock();
  let sink: EngineVideoOutput | undefined;
  class RTCVideoSink implements EngineVideoOutput {
    onframe: EngineVideoOutput['onframe'] = null;
    stop = () => {};
    constructor() {
      sink = this;
    }
  }
  const wrtc = { nonstandard: { RTCVideoSink } } as unknown as Wrtc;
  const receiver = { track: { kind: 'video' } } as unknown as RtpReceiver;
  const delivered: HostPicture[] = [];
  const video = new ReceivedVideo(
    '0',
    receiver,
    { wrtc, clock, reusePictures },
    { deliver: (picture) => delivered.push(picture), learn: () => {} },
  );
  video.setCodec('VP8');
  video.receive(true);
  const send = (rotation = 0) => {
    const data = new Uint8Array([1, 2, 3, 4, 5, 6]);
    sink?.onframe?.({ frame: { width: 2, height: 2, data, rotation } });
    return data;
  };
  return { clock, video, send, pictures: delivered, delivered: () => delivered.length };
}

test('a thousand pictures a second cost what 120 do, and those left out are counted', async () => {
  const { clock, video, send, delivered } = received();
  for (let ms = 0; ms < 5_000; ms++) {
    send();
    await clock.advance(1);
  }
  expect(delivered()).toBeLessThanOrEqual(5 * 120 + 60);
  expect(delivered()).toBeGreaterThanOrEqual(5 * 120);
  expect(video.refused).toBe(5_000 - delivered());
});

test('sixty a second all pass, also those of a second that come at once', async () => {
  const { clock, video, send, delivered } = received();
  for (let second = 0; second < 5; second++) {
    for (let n = 0; n < 60; n++) send();
    await clock.advance(1_000);
  }
  for (let n = 0; n < 60; n++) {
    send();
    await clock.advance(1_000 / 60);
  }
  expect([delivered(), video.refused]).toEqual([360, 0]);
});

test('what the engine made for a picture is free as soon as it was copied, turned or left out', () => {
  const { send, pictures, video } = received({ reusePictures: true });
  const [upright, turned] = [send(), send(180)];
  expect(pictures.map(({ data }) => [...data])).toEqual([
    [1, 2, 3, 4, 5, 6],
    [4, 3, 2, 1, 5, 6],
  ]);
  for (let n = 2; n < 60; n++) send();
  expect(video.refused).toBe(0);
  expect([upright, turned, send()].map(({ length }) => length)).toEqual([0, 0, 0]);
  expect(video.refused).toBe(1);
});

test('what is handed on as it came is whole', () => {
  const { send, pictures } = received();
  const data = send();
  expect(pictures[0]!.data).toBe(data);
  expect(data.length).toBe(6);
});
