import { describe, expect, test } from 'vitest';
import { initialInputs, updatedInputs } from './inputs.ts';
import { initialPublishing, updatedPublishing } from './publishing.ts';
import { videoLayers } from './video-send-options.ts';

describe('what a video track is sent with', () => {
  test('a camera has three qualities', () => {
    expect(videoLayers()).toEqual({
      low: { scaleResolutionDownBy: 4, maxBitrate: 150_000, maxFramerate: 15 },
      medium: { scaleResolutionDownBy: 2, maxBitrate: 500_000 },
      high: {},
    });
  });

  test('a screen stays legible', () => {
    const { low, medium } = videoLayers({}, { screen: true });
    expect(low).toEqual({ scaleResolutionDownBy: 2, maxBitrate: 250_000, maxFramerate: 5 });
    expect(medium).toEqual({ maxBitrate: 1_000_000, maxFramerate: 15 });
  });

  test('what is named replaces the default, and nothing is better than maxQuality', () => {
    const encodings = { low: { maxBitrate: 99_000 }, medium: { scaleResolutionDownBy: 1, maxFramerate: 20 } };
    const { low, medium, high } = videoLayers({ maxQuality: 'medium', preferredCodec: 'VP9', encodings });
    expect(low).toEqual({ scaleResolutionDownBy: 4, maxBitrate: 99_000, maxFramerate: 15, codec: 'VP9' });
    expect(medium).toEqual({ scaleResolutionDownBy: 1, maxBitrate: 500_000, maxFramerate: 20, codec: 'VP9' });
    expect(high).toEqual(medium);
  });

  test('the frame rate of the input is a limit for all', () => {
    const { low, high } = videoLayers({}, { frameRate: 10 });
    expect([low.maxFramerate, high.maxFramerate]).toEqual([10, 10]);
  });
});

describe('publishing settings', () => {
  test('a boolean is short for isPublishing; what is not named stays', () => {
    const once = updatedPublishing(initialPublishing, {
      camera: { sendSettings: { maxQuality: 'low' } },
      customVideo: { slides: false },
    });
    const twice = updatedPublishing(once, { camera: false, screenVideo: true });
    expect(twice.camera).toEqual({ isPublishing: false, sendSettings: { maxQuality: 'low' } });
    expect(twice.customVideo).toEqual({ slides: { isPublishing: false } });
    expect(twice.microphone).toEqual({ isPublishing: true });
  });

  test('a codec that the engine lacks has an error of its own, which names those that it has', () => {
    for (const change of ['camera', 'screenVideo'] as const)
      expect(() =>
        updatedPublishing(initialPublishing, { [change]: { sendSettings: { preferredCodec: 'H264' } } }),
      ).toThrow(
        expect.objectContaining({ code: 'SLUICE_CALL_CODEC', message: expect.stringMatching(/VP8, VP9, AV1.*H264/) }),
      );
    expect(() =>
      updatedPublishing(initialPublishing, { customVideo: { a: { sendSettings: { preferredCodec: 'H265' } } } }),
    ).toThrow(expect.objectContaining({ code: 'SLUICE_CALL_CODEC' }));
  });

  test('encodings may be a list of pairs; twice the same quality is refused', () => {
    const list = [
      ['low', { maxBitrate: 90_000 }],
      ['high', { maxFramerate: 20 }],
    ] as const;
    const { camera } = updatedPublishing(initialPublishing, { camera: { sendSettings: { encodings: list } } });
    expect(camera.sendSettings?.encodings).toEqual({ low: { maxBitrate: 90_000 }, high: { maxFramerate: 20 } });
    const twice = { camera: { sendSettings: { encodings: [list[0], list[0]] } } };
    expect(() => updatedPublishing(initialPublishing, twice)).toThrow(/sendSettings\.encodings.*at most once/);
  });

  test('adaptiveHEVC needs a codec that the engine lacks', () => {
    const update = { customVideo: { a: { sendSettings: { encodings: 'adaptiveHEVC' as never } } } };
    expect(() => updatedPublishing(initialPublishing, update)).toThrow(
      expect.objectContaining({
        code: 'SLUICE_CALL_CODEC',
        message: expect.stringMatching(/adaptiveHEVC.*low, medium/s),
      }),
    );
  });

  test('an error names the field, however deep', () => {
    const encodings = { low: { maxBitrate: Number.NaN } };
    expect(() => updatedPublishing(initialPublishing, { camera: { sendSettings: { encodings } } })).toThrow(
      /publishing\.camera\.sendSettings\.encodings\.low\.maxBitrate.*NaN/,
    );
    expect(() => updatedInputs(initialInputs, { camera: { settings: { frameRate: 0 } } })).toThrow(
      /inputs\.camera\.settings\.frameRate.*0/,
    );
  });

  test('a track may have the name of what every object inherits', () => {
    const after = updatedPublishing(initialPublishing, { customVideo: { toString: false } });
    expect(after.customVideo).toEqual({ toString: { isPublishing: false } });
  });

  test.each([
    { preferredCodec: 'VP7' },
    { maxQuality: 'best' },
    { encodings: { high: { maxBitrate: 1 } } },
    { encodings: { high: { maxFramerate: 0 } } },
    { encodings: { high: { scaleResolutionDownBy: 0.5 } } },
    { encodings: { better: {} } },
  ])('%j is refused, and named', (sendSettings) => {
    expect(() => updatedPublishing(initialPublishing, { camera: { sendSettings } } as never)).toThrow(
      /publishing\.camera/,
    );
  });
});

describe('video inputs', () => {
  const camera = { isEnabled: true, settings: { deviceId: 'cam', frameRate: 15 } };
  const once = updatedInputs(initialInputs, { camera });

  test('are off until they are turned on', () => {
    expect(initialInputs.camera.isEnabled).toBe(false);
    expect(once.camera).toEqual(camera);
    expect(updatedInputs(once, { camera: false }).camera).toEqual({ ...camera, isEnabled: false });
  });

  test('a custom track takes the place of a device; another rate keeps it', () => {
    const rate = updatedInputs(once, { camera: { settings: { frameRate: 30 } } });
    expect(rate.camera.settings).toEqual({ deviceId: 'cam', frameRate: 30 });
    const track = updatedInputs(once, { camera: { settings: { customTrack: { id: 'x' } } } });
    expect(track.camera).toEqual({ isEnabled: true, settings: { customTrack: { id: 'x' }, frameRate: 15 } });
  });
});
