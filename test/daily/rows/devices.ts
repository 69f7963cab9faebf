import { CustomAudioSource, CustomAudioTrack, CustomVideoSource, CustomVideoTrack, Daily } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { code, idOf, sine } from '../world.ts';

/** Daily-api 1.2: devices, sources, tracks and what they carry. */
export const devices: Section = {
  title: 'Devices, sources, tracks, frames',
  rows: [
    {
      daily: 'VirtualMicrophoneDevice.name, .sample_rate, .channels',
      sluice: 'microphone.name, .sampleRate, .channels',
      verdict: 'same',
      check: (world) => {
        const name = world.name();
        const microphone = Daily.createMicrophoneDevice(name, { sampleRate: 24_000, channels: 2 });
        expect(microphone).toMatchObject({ name, sampleRate: 24_000, channels: 2 });
      },
    },
    {
      daily: 'VirtualMicrophoneDevice.write_frames(frames, completion=None)',
      sluice: 'await microphone.writeFrames(frames, completion?)',
      verdict: 'better',
      note: 'The promise paces the caller without holding the event loop; `write` gives a receipt of what was heard when.',
      check: async (world) => {
        const microphone = Daily.createMicrophoneDevice(world.name());
        const settings = { deviceId: microphone.name };
        await world.joined({ clientSettings: { inputs: { microphone: { isEnabled: true, settings } } } });
        const counts: number[] = [];
        expect(await microphone.writeFrames(sine(440, 1_600), (count) => counts.push(count))).toBe(1_600);
        await until(() => counts.length > 0);
        expect(counts).toEqual([1_600]);
      },
    },
    {
      daily: 'VirtualSpeakerDevice.name, .sample_rate, .channels',
      sluice: 'speaker.name, .sampleRate, .channels',
      verdict: 'same',
      check: (world) => {
        const name = world.name();
        expect(Daily.createSpeakerDevice(name)).toMatchObject({ name, sampleRate: 16_000, channels: 1 });
      },
    },
    {
      daily: 'VirtualSpeakerDevice.read_frames(num_frames, completion=None)',
      sluice: 'await speaker.readFrames(frames, completion?)',
      verdict: 'same',
      check: async (world) => {
        const speaker = Daily.createSpeakerDevice(world.name());
        Daily.selectSpeakerDevice(speaker.name);
        await world.joined(world.sounding(440));
        await world.joined();
        await until(async () => (await speaker.readFrames(1_600)).length === 3_200);
        const lengths: number[] = [];
        await speaker.readFrames(800, (bytes) => lengths.push(bytes.length));
        expect(lengths).toEqual([1_600]);
      },
    },
    {
      daily: 'VirtualCameraDevice.name, .width, .height, .color_format',
      sluice: 'camera.name, .width, .height, .colorFormat',
      verdict: 'same',
      check: (world) => {
        const name = world.name();
        const camera = Daily.createCameraDevice(name, { width: 32, height: 16, colorFormat: 'I420' });
        expect(camera).toMatchObject({ name, width: 32, height: 16, colorFormat: 'I420' });
      },
    },
    {
      daily: 'VirtualCameraDevice.write_frame(frame)',
      sluice: 'camera.writeFrame(frame)',
      verdict: 'better',
      note: 'A frame of another size is a typed error; in the SDK it is read beyond its end.',
      check: (world) => {
        const camera = Daily.createCameraDevice(world.name(), { width: 32, height: 16, colorFormat: 'RGB' });
        camera.writeFrame(Buffer.alloc(32 * 16 * 3));
        expect(() => camera.writeFrame(Buffer.alloc(32 * 16 * 3 - 1))).toThrow(code('SLUICE_FRAME_SHAPE'));
      },
    },
    {
      daily: 'CustomAudioSource(sample_rate, channels, auto_silence=True)',
      sluice: 'new CustomAudioSource(sampleRate, channels, { autoSilence })',
      verdict: 'better',
      note: 'Checked; with a capacity, a queued duration, `clear`, `pause` and receipts.',
      check: () => {
        expect(new CustomAudioSource(24_000, 1)).toMatchObject({ sampleRate: 24_000, channels: 1, autoSilence: true });
        expect(new CustomAudioSource(24_000, 1, { autoSilence: false }).autoSilence).toBe(false);
        expect(() => new CustomAudioSource(24_000, 9)).toThrow(RangeError);
      },
    },
    {
      daily: 'CustomAudioSource.sample_rate, .channels',
      sluice: 'source.sampleRate, .channels',
      verdict: 'same',
      check: () => {
        expect(new CustomAudioSource(48_000, 2)).toMatchObject({ sampleRate: 48_000, channels: 2 });
      },
    },
    {
      daily: 'CustomAudioSource.write_frames(frames, completion=None)',
      sluice: 'await source.writeFrames(frames, completion?)',
      verdict: 'better',
      note: 'A source that nobody receives plays in real time too, so that a write never waits for ever.',
      check: async () => {
        const source = new CustomAudioSource(16_000, 1);
        const counts: number[] = [];
        expect(await source.writeFrames(sine(440, 1_600), (count) => counts.push(count))).toBe(1_600);
        expect(counts).toEqual([]);
        await until(() => counts.length > 0);
        expect(counts).toEqual([1_600]);
        await expect(source.writeFrames(Buffer.alloc(3))).rejects.toThrow(code('SLUICE_FRAME_SHAPE'));
        source.close();
      },
    },
    {
      daily: 'CustomAudioTrack(audio_source), .id',
      sluice: 'new CustomAudioTrack(source), .id',
      verdict: 'same',
      check: () => {
        const track = new CustomAudioTrack(new CustomAudioSource(16_000, 1));
        expect(track.id).not.toBe(new CustomAudioTrack(track.source).id);
        expect(() => new CustomAudioTrack({} as CustomAudioSource)).toThrow(TypeError);
      },
    },
    {
      daily: 'CustomVideoSource(width, height, color_format="RGBA"), .width, .height, .color_format',
      sluice: 'new CustomVideoSource(width, height, colorFormat), .width, .height, .colorFormat',
      verdict: 'same',
      check: () => {
        const source = new CustomVideoSource(32, 16, 'BGRA');
        expect(source).toMatchObject({ width: 32, height: 16, colorFormat: 'BGRA' });
        expect(() => new CustomVideoSource(32, 16, 'YUV' as 'RGBA')).toThrow(/ABGR.*I420/s);
      },
    },
    {
      daily: 'CustomVideoSource.write_frame(frame)',
      sluice: 'source.writeFrame(frame)',
      verdict: 'same',
      check: () => {
        const source = new CustomVideoSource(32, 16);
        source.writeFrame(Buffer.alloc(32 * 16 * 4));
        expect(() => source.writeFrame(Buffer.alloc(32 * 16 * 3))).toThrow(/2048.*1536/s);
      },
    },
    {
      daily: 'CustomVideoTrack(video_source), .id',
      sluice: 'new CustomVideoTrack(source), .id',
      verdict: 'same',
      check: async (world) => {
        const source = new CustomVideoSource(320, 240);
        source.writeFrame(Buffer.alloc(320 * 240 * 4, 200));
        const ada = await world.joined();
        await ada.addCustomVideoTrack('slides', new CustomVideoTrack(source));
        const grace = await world.joined();
        let width = 0;
        const look = (_: string, frame: { width: number; close(): void }) => {
          width = frame.width;
          frame.close();
        };
        grace.setVideoRenderer(idOf(ada), look, { videoSource: 'slides' });
        await until(() => width === 320);
      },
    },
    {
      daily: 'AudioData: bits_per_sample, sample_rate, num_channels, num_audio_frames, audio_frames',
      sluice: 'AudioFrame: samples (Int16Array), sampleRate, channels, timestamp, gap',
      verdict: 'better',
      note: 'A frame tells its time, and how long nothing arrived before it.',
      check: async (world) => {
        const ada = await world.joined(world.sounding(440));
        const grace = await world.joined();
        let seen: unknown;
        grace.setAudioRenderer(idOf(ada), (_, frame) => {
          seen = { rate: frame.sampleRate, channels: frame.channels, length: frame.samples.length };
        });
        await until(() => seen !== undefined);
        expect(seen).toEqual({ rate: 16_000, channels: 1, length: 320 });
      },
    },
    {
      daily: 'VideoFrame: buffer, width, height, timestamp_us, color_format',
      sluice: 'VideoFrame: data, width, height, timestamp (microseconds), colorFormat',
      verdict: 'same',
      check: async (world) => {
        const camera = Daily.createCameraDevice(world.name(), { width: 320, height: 240 });
        camera.writeFrame(Buffer.alloc(320 * 240 * 4, 200));
        const settings = { deviceId: camera.name };
        const ada = await world.joined({ clientSettings: { inputs: { camera: { isEnabled: true, settings } } } });
        const grace = await world.joined();
        let seen: object | undefined;
        grace.setVideoRenderer(idOf(ada), (_, frame) => {
          const { width, height, format: colorFormat, timestamp, data } = frame;
          seen = { width, height, colorFormat, late: timestamp > 0, bytes: data.length };
          frame.close();
        });
        await until(() => seen !== undefined);
        expect(seen).toEqual({ width: 320, height: 240, colorFormat: 'RGBA', late: true, bytes: 320 * 240 * 4 });
      },
    },
    {
      daily: 'NativeVad: reset_period_ms, sample_rate, channels, analyze_frames(frames)',
      sluice: 'NativeVad: resetPeriodMs, sampleRate, channels, analyzeFrames(frames)',
      verdict: 'same',
      check: async () => {
        const vad = await Daily.createNativeVad({ sampleRate: 8_000, resetPeriodMs: 500 });
        expect(vad).toMatchObject({ resetPeriodMs: 500, sampleRate: 8_000, channels: 1 });
        await expect(async () => vad.analyzeFrames(Buffer.alloc(161))).rejects.toThrow(code('SLUICE_FRAME_SHAPE'));
      },
    },
  ],
};
