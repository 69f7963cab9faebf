import { CustomVideoSource, CustomVideoTrack, Daily } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Row } from '../row.ts';
import { code, idOf } from '../world.ts';

/** Daily-api 2: the shapes of what a client is set to: inputs, publishing, subscriptions. */
export const settingShapes: readonly Row[] = [
  {
    daily:
      'inputs.camera: bool or { isEnabled, settings: { deviceId, width, height, frameRate, facingMode, customConstraints } or { customTrack: { id } } }',
    sluice: 'The same',
    verdict: 'same',
    check: async (world) => {
      const client = world.client();
      const camera = Daily.createCameraDevice(world.name(), { width: 64, height: 48 });
      const settings = { deviceId: camera.name, frameRate: 15, facingMode: 'user' } as const;
      await client.updateInputs({ camera: { isEnabled: true, settings } });
      expect(client.inputs().camera).toEqual({ isEnabled: true, settings });
      const customTrack = { id: new CustomVideoTrack(new CustomVideoSource(32, 32)).id };
      await client.updateInputs({ camera: { settings: { customTrack } } });
      expect(client.inputs().camera.settings).toMatchObject({ customTrack });
      await client.updateInputs({ camera: false });
      expect(client.inputs().camera.isEnabled).toBe(false);
      await expect(client.updateInputs({ camera: { is_enabled: true } } as never)).rejects.toThrow(/isEnabled/);
    },
  },
  {
    daily:
      'inputs.microphone: bool or { isEnabled, settings: { deviceId, customConstraints } or { customTrack: { id } } }',
    sluice: 'The same',
    verdict: 'same',
    check: async (world) => {
      const client = world.client();
      const { name } = Daily.createMicrophoneDevice(world.name());
      await client.updateInputs({ microphone: { isEnabled: true, settings: { deviceId: name } } });
      expect(client.inputs().microphone.settings).toEqual({ deviceId: name });
      const settings = { deviceId: 'nobody' };
      await expect(client.updateInputs({ microphone: { isEnabled: true, settings } })).rejects.toThrow(
        code('SLUICE_DEVICE_UNKNOWN'),
      );
      expect(client.inputs().microphone.settings).toEqual({ deviceId: name });
    },
  },
  {
    daily: 'inputs.screenVideo, inputs.screenAudio: { isEnabled, settings: { customTrack: { id } } }',
    sluice: 'The same',
    verdict: 'same',
    check: async (world) => {
      const source = new CustomVideoSource(320, 240);
      source.writeFrame(Buffer.alloc(320 * 240 * 4, 90));
      const video = { customTrack: { id: new CustomVideoTrack(source).id } };
      const audio = { customTrack: { id: world.tone(550).id } };
      const inputs = {
        screenVideo: { isEnabled: true, settings: video },
        screenAudio: { isEnabled: true, settings: audio },
      };
      const ada = await world.joined({ clientSettings: { inputs } });
      const grace = await world.joined();
      await world.hears(grace, idOf(ada), 550, 'screenAudio');
      await until(() => grace.participants()[idOf(ada)]?.media.screenVideo.state === 'playable');
    },
  },
  {
    daily:
      'publishing.camera, publishing.screenVideo: bool or { isPublishing, sendSettings: { maxQuality, preferredCodec, encodings, allowAdaptiveLayers } }',
    sluice: 'The same; codecs VP8, VP9, AV1',
    verdict: 'better',
    note: 'A codec that the engine lacks is refused by name.',
    check: async (world) => {
      const client = world.client();
      const low = { maxBitrate: 100_000, maxFramerate: 10, scaleResolutionDownBy: 2 };
      const sendSettings = { maxQuality: 'medium', preferredCodec: 'VP8', encodings: { low } } as const;
      await client.updatePublishing({ camera: { isPublishing: true, sendSettings }, screenVideo: false });
      expect(client.publishing().camera.sendSettings).toMatchObject({ maxQuality: 'medium' });
      expect(client.publishing().screenVideo.isPublishing).toBe(false);
      const h264 = { camera: { sendSettings: { preferredCodec: 'H264' } } } as const;
      await expect(client.updatePublishing(h264)).rejects.toThrow(code('SLUICE_CALL_CODEC'));
    },
  },
  {
    daily:
      'publishing.microphone, publishing.screenAudio: bool or { isPublishing, sendSettings: "speech", "music" or { channelConfig, bitrate } }',
    sluice: 'The same',
    verdict: 'same',
    note: 'Beside those `redundancy`, which sends sound twice.',
    check: async (world) => {
      const client = world.client();
      const byHand = { channelConfig: 'stereo', bitrate: 96_000, redundancy: true } as const;
      for (const sendSettings of ['speech', 'music', byHand] as const) {
        await client.updatePublishing({ microphone: { isPublishing: true, sendSettings } });
        expect(client.publishing().microphone.sendSettings).toEqual(sendSettings);
      }
      const bad = { microphone: { sendSettings: { channel_config: 'stereo' } } };
      await expect(client.updatePublishing(bad as never)).rejects.toThrow(/channelConfig/);
    },
  },
  {
    daily: 'publishing.customAudio, publishing.customVideo: track name to bool or { isPublishing, sendSettings }',
    sluice: 'The same',
    verdict: 'same',
    check: async (world) => {
      const ada = world.client();
      await ada.updatePublishing({ customAudio: { music: false, news: { sendSettings: 'music' } } });
      await ada.addCustomAudioTrack('music', world.tone(660));
      await ada.addCustomAudioTrack('news', world.tone(880));
      await ada.join(world.url);
      const grace = await world.joined();
      await world.hears(grace, idOf(ada), 880, 'news');
      const music = () => grace.participants()[idOf(ada)]?.media.customAudio.music?.state ?? 'off';
      expect(music()).toBe('off');
      await ada.updatePublishing({ customAudio: { music: true } });
      await world.hears(grace, idOf(ada), 660, 'music');
    },
  },
  {
    daily:
      'media: subscribed or unsubscribed; camera: { subscriptionState, settings: { maxQuality } }; customAudio: name to state',
    sluice: 'The same, with staged, and * for tracks that are not named',
    verdict: 'better',
    note: 'A staged track is negotiated and begins at once when it is subscribed.',
    check: async (world) => {
      const ada = await world.joined(world.sounding(440));
      await ada.addCustomAudioTrack('music', world.tone(660));
      const grace = world.client();
      const media = {
        microphone: 'staged',
        camera: { subscriptionState: 'subscribed', settings: { maxQuality: 'low' } },
        customAudio: { '*': 'unsubscribed' },
      } as const;
      await grace.updateSubscriptionProfiles({ base: media });
      await grace.join(world.url);
      const of = () => grace.participants()[idOf(ada)]?.media;
      await until(() => of()?.microphone.subscribed === 'staged');
      expect(of()?.customAudio.music?.subscribed).toBe('unsubscribed');
      await grace.updateSubscriptionProfiles({ base: { microphone: 'subscribed' } });
      await world.hears(grace, idOf(ada), 440);
    },
  },
];
