import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { ReceivedVideo } from './received-video.ts';
import type { EngineVideoOutput, RtpReceiver, Wrtc } from './wrtc.ts';

/** A received track whose engine gives a picture whenever the test says so. */
function received() {
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
  let delivered = 0;
  const video = new ReceivedVideo(
    '0',
    receiver,
    { wrtc, clock, reusePictures: false },
    { deliver: () => delivered++, learn: () => {} },
  );
  video.setCodec('VP8');
  video.receive(true);
  const data = new Uint8Array(6);
  const send = () => sink?.onframe?.({ frame: { width: 2, height: 2, data, rotation: 0 } });
  return { clock, video, send, delivered: () => delivered };
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
