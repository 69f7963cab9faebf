import { Daily } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { code, idOf, sine } from '../world.ts';

/** Daily-api 1.1: what the process has once. */
export const daily: Section = {
  title: 'Daily: what a process has once',
  rows: [
    {
      daily: 'Daily.init(worker_threads=2, log_level=LogLevel.Off)',
      sluice: 'Daily.init({ mediaHost, logLevel, logger })',
      verdict: 'better',
      note: 'After deinit it may be called again. Threads are the engine’s own, in a process of its own, so a busy program does not interrupt the sound.',
      check: async () => {
        expect(() => Daily.init()).toThrow(code('SLUICE_ALREADY_INITIALIZED'));
        await Daily.deinit();
        Daily.init({ logLevel: 'off' });
        expect(Daily.devices).toEqual([]);
      },
    },
    {
      daily: 'Daily.deinit()',
      sluice: 'await Daily.deinit()',
      verdict: 'better',
      note: 'Leaves calls that are still open and destroys every device, in any order, twice too; the SDK can crash there.',
      check: async (world) => {
        const microphone = Daily.createMicrophoneDevice(world.name());
        const client = await world.joined();
        await Promise.all([Daily.deinit(), Daily.deinit()]);
        expect(client.callState).toBe('left');
        expect(() => microphone.write(sine(440, 160))).toThrow(code('SLUICE_DEVICE_DESTROYED'));
        Daily.init();
      },
    },
    {
      daily: 'Daily.set_log_level(log_level)',
      sluice: 'Daily.setLogLevel(logLevel)',
      verdict: 'same',
      check: () => {
        Daily.setLogLevel('debug');
        expect(() => Daily.setLogLevel('loud' as 'debug')).toThrow(/logLevel/);
        Daily.setLogLevel('off');
      },
    },
    {
      daily: 'Daily.create_camera_device(device_name, width, height, color_format="RGBA")',
      sluice: 'Daily.createCameraDevice(name, { width, height, colorFormat })',
      verdict: 'better',
      note: 'Sizes are checked at once; the last picture stays for those who come later.',
      check: (world) => {
        const camera = Daily.createCameraDevice(world.name(), { width: 64, height: 48 });
        expect(camera).toMatchObject({ width: 64, height: 48, colorFormat: 'RGBA' });
        const wrong = { width: 64, height: 48, colorFormat: 'CMYK' as 'RGBA' };
        expect(() => Daily.createCameraDevice(world.name(), wrong)).toThrow(/CMYK/);
      },
    },
    {
      daily: 'Daily.create_microphone_device(device_name, sample_rate=16000, channels=1, non_blocking=False)',
      sluice: 'Daily.createMicrophoneDevice(name, { sampleRate, channels, nonBlocking })',
      verdict: 'better',
      note: 'Any number may be active in a process. Rate, channels and a name that is taken are checked.',
      check: async (world) => {
        const names = [world.name(), world.name()] as const;
        const [first, second] = names.map((name) => Daily.createMicrophoneDevice(name));
        expect(first).toMatchObject({ sampleRate: 16_000, channels: 1, nonBlocking: false });
        expect(() => Daily.createMicrophoneDevice(names[0])).toThrow(code('SLUICE_DEVICE_EXISTS'));
        expect(() => Daily.createMicrophoneDevice(world.name(), { sampleRate: 0 })).toThrow(RangeError);
        const microphone = (deviceId: string) => ({
          clientSettings: { inputs: { microphone: { isEnabled: true, settings: { deviceId } } } },
        });
        const ada = await world.joined(microphone(names[0]));
        const grace = await world.joined(microphone(names[1]));
        const listener = await world.joined();
        const play = setInterval(() => {
          first?.write(sine(440, 3_200));
          second?.write(sine(660, 3_200));
        }, 200);
        await Promise.all([world.hears(listener, idOf(ada), 440), world.hears(listener, idOf(grace), 660)]).finally(
          () => clearInterval(play),
        );
      },
    },
    {
      daily: 'Daily.create_speaker_device(device_name, sample_rate=16000, channels=1, non_blocking=False)',
      sluice: 'Daily.createSpeakerDevice(name, { sampleRate, channels, nonBlocking })',
      verdict: 'better',
      note: 'Checked like a microphone; it can be destroyed, and it can be watched (`fromSpeaker`).',
      check: (world) => {
        const name = world.name();
        const speaker = Daily.createSpeakerDevice(name, { sampleRate: 48_000, channels: 2 });
        expect(speaker).toMatchObject({ name, sampleRate: 48_000, channels: 2 });
        expect(() => Daily.createSpeakerDevice(name)).toThrow(code('SLUICE_DEVICE_EXISTS'));
        expect(() => Daily.createSpeakerDevice(world.name(), { channels: 3 })).toThrow(RangeError);
      },
    },
    {
      daily: 'Daily.select_speaker_device(device_name)',
      sluice: 'Daily.selectSpeakerDevice(name)',
      verdict: 'same',
      check: async (world) => {
        const speaker = Daily.createSpeakerDevice(world.name());
        Daily.selectSpeakerDevice(speaker.name);
        expect(() => Daily.selectSpeakerDevice('nobody')).toThrow(code('SLUICE_DEVICE_UNKNOWN'));
        await world.joined(world.sounding(440));
        await world.joined();
        await until(async () => (await speaker.readFrames(160)).some((byte) => byte !== 0));
      },
    },
    {
      daily: 'Daily.create_native_vad(reset_period_ms=1000, sample_rate=16000, channels=1)',
      sluice: 'await Daily.createNativeVad({ resetPeriodMs, sampleRate, channels, detector })',
      verdict: 'better',
      note: 'Any voice detector may stand in its place.',
      check: async () => {
        const vad = await Daily.createNativeVad({ sampleRate: 16_000 });
        expect(vad).toMatchObject({ sampleRate: 16_000, channels: 1, resetPeriodMs: 1_000 });
        expect(await vad.analyzeFrames(Buffer.alloc(320))).toBeLessThan(0.5);
      },
    },
  ],
};
