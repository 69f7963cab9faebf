import { expect, it } from 'vitest';
import { videoLayers } from '../../../call/send/video-send-options.ts';
import type { LocalVideoTrack } from '../../driver.ts';
import { layeredSettings, substreamOf } from './layered-settings.ts';

const track = (options: Parameters<typeof videoLayers>[0], adaptive = true): LocalVideoTrack => ({
  kind: 'video',
  source: null,
  continuous: false,
  ignoreLevel: false,
  layers: videoLayers(options, { frameRate: 25 }),
  adaptive,
});

it('sends all qualities at once, the best first, at the rate of the track', () => {
  expect(layeredSettings(track({}))).toEqual({
    codec: 'VP8',
    maxFramerate: 25,
    layers: [{}, { scaleResolutionDownBy: 2, maxBitrate: 500_000 }, { scaleResolutionDownBy: 4, maxBitrate: 150_000 }],
  });
});

it('sends none that are better than the best that is wanted, and none twice', () => {
  expect(layeredSettings(track({ maxQuality: 'medium' })).layers).toEqual([
    { scaleResolutionDownBy: 2, maxBitrate: 500_000 },
    { scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  ]);
  expect(layeredSettings(track({ maxQuality: 'low' }))).toEqual(videoLayers({}, { frameRate: 25 }).low);
});

it.each([
  ['who does not ask for it', track({}, false)],
  ['a codec that cannot', track({ preferredCodec: 'VP9' })],
])('sends the best alone of %s', (_name, one) => {
  expect(layeredSettings(one)).toEqual(one.layers.high);
});

it('asks for the encoding of a quality, counted from the lowest', () => {
  expect((['low', 'medium', 'high'] as const).map(substreamOf)).toEqual([0, 1, 2]);
});
