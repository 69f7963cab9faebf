import { CustomAudioSource, CustomAudioTrack, CustomVideoSource, CustomVideoTrack } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { code, idOf } from '../world.ts';

/** Daily-api 1.7: custom tracks, renderers, the network. */
export const tracks: Section = {
  title: 'CallClient: tracks, renderers, network',
  rows: [
    {
      daily: 'add_custom_audio_track(track_name, audio_track, ignore_audio_level=None, completion=None)',
      sluice: 'await client.addCustomAudioTrack(name, track, { ignoreAudioLevel }, completion?)',
      verdict: 'better',
      note: 'Published unless told otherwise; also before joining.',
      check: async (world) => {
        const ada = world.client();
        await ada.addCustomAudioTrack('music', world.tone(660), { ignoreAudioLevel: true });
        await ada.join(world.url);
        const grace = await world.joined();
        await world.hears(grace, idOf(ada), 660, 'music');
        expect(grace.activeSpeaker()).toBe(null);
        await expect(ada.addCustomAudioTrack('music', world.tone(880))).rejects.toThrow(code('SLUICE_CALL_TRACK'));
      },
    },
    {
      daily: 'update_custom_audio_track(track_name, audio_track, ignore_audio_level=None, completion=None)',
      sluice: 'await client.updateCustomAudioTrack(name, track, { ignoreAudioLevel }, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        await ada.addCustomAudioTrack('music', world.tone(660));
        const grace = await world.joined();
        await world.hears(grace, idOf(ada), 660, 'music');
        await ada.updateCustomAudioTrack('music', world.tone(990));
        await world.hears(grace, idOf(ada), 990, 'music');
        await expect(ada.updateCustomAudioTrack('news', world.tone(440))).rejects.toThrow(code('SLUICE_CALL_TRACK'));
      },
    },
    {
      daily: 'remove_custom_audio_track(track_name, completion=None)',
      sluice: 'await client.removeCustomAudioTrack(name, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        await ada.addCustomAudioTrack('music', new CustomAudioTrack(new CustomAudioSource(48_000, 1)));
        const grace = await world.joined();
        const tracks = () => Object.keys(grace.participants()[idOf(ada)]?.media.customAudio ?? {});
        await until(() => tracks().includes('music'));
        await ada.removeCustomAudioTrack('music');
        await until(() => tracks().length === 0);
      },
    },
    {
      daily: 'add_custom_video_track(), update_custom_video_track(track_name, video_track, completion=None)',
      sluice: 'await client.addCustomVideoTrack(name, track), updateCustomVideoTrack(name, track)',
      verdict: 'same',
      check: async (world) => {
        const painted = (width: number) => {
          const source = new CustomVideoSource(width, 240);
          source.writeFrame(Buffer.alloc(width * 240 * 4, 180));
          return new CustomVideoTrack(source);
        };
        const ada = await world.joined();
        await ada.addCustomVideoTrack('slides', painted(320));
        const grace = await world.joined();
        let width = 0;
        const look = (_: string, frame: { readonly width: number; close(): void }) => {
          width = frame.width;
          frame.close();
        };
        grace.setVideoRenderer(idOf(ada), look, { videoSource: 'slides' });
        await until(() => width === 320);
        await ada.updateCustomVideoTrack('slides', painted(160));
        await until(() => width === 160);
      },
    },
    {
      daily: 'remove_custom_video_track(track_name, completion=None)',
      sluice: 'await client.removeCustomVideoTrack(name, completion?)',
      verdict: 'same',
      check: async (world) => {
        const ada = await world.joined();
        await ada.addCustomVideoTrack('slides', new CustomVideoTrack(new CustomVideoSource(32, 32)));
        const grace = await world.joined();
        const tracks = () => Object.keys(grace.participants()[idOf(ada)]?.media.customVideo ?? {});
        await until(() => tracks().includes('slides'));
        await ada.removeCustomVideoTrack('slides');
        await until(() => tracks().length === 0);
      },
    },
    {
      daily: 'get_network_stats()',
      sluice: 'await client.networkStats(completion?)',
      verdict: 'better',
      note: 'Measured now instead of up to 2 s ago, with concealment, jitter buffer and round trip beside the rest.',
      check: async (world) => {
        await world.joined(world.sounding(440));
        const grace = await world.joined();
        await until(async () => (await grace.networkStats()).packetsReceived > 0);
        const stats = await grace.networkStats();
        expect(stats).toMatchObject({ threshold: 'good', connections: 1 });
        expect(stats.stats.latest.totalRecvPacketLoss).toBe(0);
      },
    },
    {
      daily:
        'set_audio_renderer(participant_id, callback, audio_source="microphone", sample_rate=16000, callback_interval_ms=20, logging_interval_ms=10000)',
      sluice: 'client.setAudioRenderer(participantId, callback, { audioSource, sampleRate, callbackIntervalMs })',
      verdict: 'better',
      note: 'Can be unset; options are checked; what is received is told in `networkStats` instead of a log.',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        await world.hears(await world.joined(), idOf(ada), 440);
        expect(() => ada.setAudioRenderer('x', () => {}, { loggingIntervalMs: 1 } as never)).toThrow(TypeError);
      },
    },
    {
      daily:
        'set_video_renderer(participant_id, callback, video_source="camera", color_format="RGBA", logging_interval_ms=10000)',
      sluice: 'client.setVideoRenderer(participantId, callback, { videoSource, colorFormat, colorSpace })',
      verdict: 'better',
      note: 'Can be unset; frames come from a pool; the colours of the codec are known.',
      check: async (world) => {
        const source = new CustomVideoSource(320, 240);
        source.writeFrame(Buffer.alloc(320 * 240 * 4, 180));
        const settings = { customTrack: { id: new CustomVideoTrack(source).id } };
        const ada = await world.joined({ clientSettings: { inputs: { camera: { isEnabled: true, settings } } } });
        const grace = await world.joined();
        let format: string | undefined;
        const look = (_: string, frame: { readonly format: string; close(): void }) => {
          format = frame.format;
          frame.close();
        };
        grace.setVideoRenderer(idOf(ada), look, { colorFormat: 'I420' });
        await until(() => format === 'I420');
        const wrong = { colorFormat: 'CMYK' as 'RGBA' };
        expect(() => grace.setVideoRenderer(idOf(ada), look, wrong)).toThrow(TypeError);
      },
    },
    {
      daily: 'set_proxy_url(proxy_url=None, completion=None)',
      sluice: 'await client.setProxyUrl(url | null, completion?)',
      verdict: 'same',
      check: async (world) => {
        const client = world.client();
        await expect(client.setProxyUrl('ftp://proxy')).rejects.toThrow(/http/);
        await client.setProxyUrl('http://127.0.0.1:9');
        await expect(client.join(world.url)).rejects.toThrow(/proxy/i);
        await client.setProxyUrl(null);
        await client.join(world.url);
      },
    },
    {
      daily: 'set_ice_config(ice_config=None, completion=None)',
      sluice: 'await client.setIceConfig({ placement, iceServers } | null, completion?)',
      verdict: 'better',
      note: 'Servers are checked before the engine sees them, and one that does not answer delays nobody.',
      check: async (world) => {
        const client = world.client();
        const bad = { iceServers: [{ urls: 'turn:127.0.0.1:9' }] };
        await expect(client.setIceConfig(bad)).rejects.toThrow(/username|credential/);
        await client.setIceConfig({ placement: 'replace', iceServers: [{ urls: 'stun:127.0.0.1:9' }] });
        const ada = await world.joined(world.sounding(440));
        await client.join(world.url);
        await world.hears(client, idOf(ada), 440);
        await client.setIceConfig(null);
      },
    },
  ],
};
