import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daily } from '../daily.ts';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { CustomAudioSource } from './custom/custom-audio-source.ts';
import { CustomAudioTrack } from './custom/custom-audio-track.ts';
import { CustomVideoSource } from './custom/custom-video-source.ts';
import { CustomVideoTrack } from './custom/custom-video-track.ts';
import { currentDevices, DeviceRegistry, setCurrentDevices } from './registry.ts';

const coded = (code: string) => expect.objectContaining({ code });

describe('Daily and its devices', () => {
  let clock: VirtualClock;

  beforeEach(() => {
    clock = new VirtualClock();
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => virtualMediaHost(clock) }));
  });
  afterEach(() => setCurrentDevices(undefined));

  it('makes, lists, selects and destroys any number of devices', () => {
    const first = Daily.createMicrophoneDevice('mic-1');
    Daily.createMicrophoneDevice('mic-2', { sampleRate: 48_000, channels: 2, nonBlocking: true });
    Daily.createSpeakerDevice('speaker-1');
    Daily.createSpeakerDevice('speaker-2', { sampleRate: 24_000 });
    Daily.selectSpeakerDevice('speaker-2');
    Daily.createCameraDevice('camera-1', { width: 640, height: 480 });
    const camera = Daily.createCameraDevice('camera-2', {
      width: 1280,
      height: 720,
      colorFormat: 'I420',
      frameRate: 30,
    });
    currentDevices().resolveMicrophone('mic-1').use();
    currentDevices().resolveCamera('camera-2').use();
    expect(Daily.devices).toEqual([
      { kind: 'microphone', name: 'mic-1', sampleRate: 16_000, channels: 1, active: true },
      { kind: 'microphone', name: 'mic-2', sampleRate: 48_000, channels: 2, active: false },
      { kind: 'speaker', name: 'speaker-1', sampleRate: 16_000, channels: 1, active: false },
      { kind: 'speaker', name: 'speaker-2', sampleRate: 24_000, channels: 1, active: true },
      { kind: 'camera', name: 'camera-1', width: 640, height: 480, colorFormat: 'RGBA', active: false },
      { kind: 'camera', name: 'camera-2', width: 1280, height: 720, colorFormat: 'I420', active: true },
    ]);
    expect(camera).toMatchObject({ name: 'camera-2', width: 1280, height: 720, colorFormat: 'I420', frameRate: 30 });
    Daily.destroyDevice(camera);
    Daily.destroyDevice('camera-1');
    expect(() => camera.writeFrame(new Uint8Array(1280 * 720 * 1.5))).toThrow(coded('SLUICE_DEVICE_DESTROYED'));
    Daily.destroyDevice(first);
    Daily.destroyDevice('speaker-2');
    expect(Daily.devices.map((device) => device.name)).toEqual(['mic-2', 'speaker-1']);
    expect(currentDevices().speakers.selected).toBeUndefined();
    expect(() => first.write(new Int16Array(160))).toThrow(coded('SLUICE_DEVICE_DESTROYED'));
  });

  it('refuses bad names, formats and levels, unknown devices and second ones of a name', () => {
    Daily.createMicrophoneDevice('mic');
    expect(() => Daily.createSpeakerDevice('mic')).toThrow(coded('SLUICE_DEVICE_EXISTS'));
    expect(() => Daily.createSpeakerDevice('mic')).toThrow(/Daily\.destroyDevice\(name\)/);
    expect(() => Daily.createMicrophoneDevice('')).toThrow(TypeError);
    expect(() => Daily.createMicrophoneDevice('a', { sampleRate: 0 })).toThrow(RangeError);
    expect(() => Daily.createMicrophoneDevice('a', { sampleRate: 4_000 })).toThrow(RangeError);
    expect(() => Daily.createMicrophoneDevice('a', { channels: 3 })).toThrow(RangeError);
    expect(() => Daily.createMicrophoneDevice('a', { cushionMs: -1 })).toThrow(RangeError);
    expect(() => Daily.createMicrophoneDevice('a', { firstCushionMs: 61 })).toThrow(
      /firstCushionMs.*0 to cushionMs, 60 ms/,
    );
    expect(() => Daily.createMicrophoneDevice('a', { capacityMs: 0 })).toThrow(RangeError);
    expect(() => Daily.createSpeakerDevice('a', { nonBlocking: 'yes' as never })).toThrow(TypeError);
    const size = { width: 4, height: 4 };
    expect(() => Daily.createCameraDevice('mic', size)).toThrow(coded('SLUICE_DEVICE_EXISTS'));
    for (const wrong of [{ width: 0 }, { height: 20_000 }, { width: 9_000, height: 9_000 }, { frameRate: 0 }])
      expect(() => Daily.createCameraDevice('a', { ...size, ...wrong })).toThrow(RangeError);
    for (const wrong of [{ width: 1.5 }, { colorFormat: 'YUV' }, { frameRate: '30' }, { repeat: 1 }, { screen: 'yes' }])
      expect(() => Daily.createCameraDevice('a', { ...size, ...wrong } as never)).toThrow(TypeError);
    expect(() => Daily.createCameraDevice('a', undefined as never)).toThrow(
      /^createCameraDevice is not valid; expected an object with .* width, height/,
    );
    expect(() => new CustomVideoSource(4, 4, 'YUV' as never)).toThrow(TypeError);
    expect(() => new CustomVideoTrack({} as never)).toThrow(TypeError);
    expect(() => currentDevices().resolveCamera('none')).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => currentDevices().resolveCustomVideoTrack('none')).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => Daily.selectSpeakerDevice('mic')).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => Daily.destroyDevice('none')).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => currentDevices().resolveMicrophone('none')).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => currentDevices().resolveCustomTrack('none')).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => Daily.setLogLevel('loud' as never)).toThrow(TypeError);
  });

  it('is initialized once, and nothing works outside of that', async () => {
    expect(() => Daily.init()).toThrow(coded('SLUICE_ALREADY_INITIALIZED'));
    const microphone = Daily.createMicrophoneDevice('mic');
    const speaker = Daily.createSpeakerDevice('speaker');
    const source = new CustomAudioSource(48_000, 1);
    const camera = Daily.createCameraDevice('camera', { width: 4, height: 2 });
    const pictures = new CustomVideoSource(4, 2);
    pictures.writeFrame(new Uint8Array(32));
    const reading = speaker.readFrames(100);
    await Daily.deinit();
    expect((await reading).length).toBe(0);
    expect(clock.timers).toBe(0);
    for (const call of [
      () => Daily.createMicrophoneDevice('mic'),
      () => Daily.devices,
      () => Daily.selectSpeakerDevice('speaker'),
      () => new CustomAudioSource(48_000, 1),
      () => new CustomAudioTrack(source),
      () => Daily.createCameraDevice('camera', { width: 4, height: 2 }),
      () => new CustomVideoSource(4, 2),
      () => new CustomVideoTrack(pictures),
      () => currentDevices(),
    ])
      expect(call).toThrow(coded('SLUICE_NOT_INITIALIZED'));
    for (const device of [camera, pictures])
      expect(() => device.writeFrame(new Uint8Array(32))).toThrow(coded('SLUICE_DEVICE_DESTROYED'));
    await Daily.deinit();
    await expect(microphone.writeFrames(new Int16Array(1))).rejects.toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
    await expect(source.writeFrames(new Int16Array(1))).rejects.toMatchObject({ code: 'SLUICE_DEVICE_DESTROYED' });
  });

  it('logs to the injected logger what the level allows', async () => {
    await Daily.deinit();
    const lines: string[] = [];
    const note = (_details: object, message: string) => lines.push(message);
    const logger = { error: note, warn: note, info: note, debug: note, trace: note };
    Daily.init({ logger, logLevel: 'error' });
    await Daily.deinit();
    Daily.init({ logger, logLevel: 'info' });
    await Daily.deinit();
    expect(lines).toEqual(['initialized', 'deinitialized']);
    expect(() => Daily.init({ mediaHost: 'elsewhere' as never })).toThrow(TypeError);
  });
});

describe('custom audio', () => {
  let clock: VirtualClock;
  let host: ReturnType<typeof virtualMediaHost>;

  beforeEach(() => {
    clock = new VirtualClock();
    host = virtualMediaHost(clock);
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => host }));
  });
  afterEach(() => setCurrentDevices(undefined));

  it('paces writes without a completion also when no client sends it', async () => {
    const source = new CustomAudioSource(48_000, 1);
    const writer = (async () => {
      for (let count = 0; count < 100; count++) await source.writeFrames(new Int16Array(960).fill(100));
      return clock.now();
    })();
    await clock.advance(2_500);
    const end = await writer;
    expect(end).toBeGreaterThan(1_700);
    expect(end).toBeLessThan(2_000);
    expect(source.counters).toMatchObject({ played: 96_000, underruns: 0 });
  });

  it('returns at once with a completion, which is called when the last sample was played', async () => {
    const source = new CustomAudioSource(48_000, 1);
    let completed: number | undefined;
    expect(await source.writeFrames(new Int16Array(48_000), (frames) => (completed = frames))).toBe(48_000);
    await clock.advance(980);
    expect(completed).toBeUndefined();
    await clock.advance(100);
    expect(completed).toBe(48_000);
  });

  it('sends silence from the start, or nothing', async () => {
    new CustomAudioSource(48_000, 1);
    new CustomAudioSource(48_000, 1, { autoSilence: false });
    new CustomAudioSource(48_000, 1, false);
    await clock.advance(100);
    expect(host.sent.map(({ samples }) => samples.length)).toEqual([4_800, 0, 0]);
  });

  it('is found by the ids of its tracks until it is closed', () => {
    const source = new CustomAudioSource(24_000, 2);
    const [first, second] = [new CustomAudioTrack(source), new CustomAudioTrack(source)];
    expect(first.id).not.toBe(second.id);
    expect(currentDevices().resolveCustomTrack(second.id)).toBe(source.input);
    source.close();
    expect(() => currentDevices().resolveCustomTrack(second.id)).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => new CustomAudioTrack({} as never)).toThrow(TypeError);
    expect(() => new CustomAudioTrack(source)).toThrow(coded('SLUICE_DEVICE_DESTROYED'));
    expect(() => new CustomAudioSource(48_000, 1, { autoSilence: 1 as never })).toThrow(TypeError);
    expect(() => new CustomAudioSource(1, 1)).toThrow(RangeError);
  });
});

describe('custom video', () => {
  beforeEach(() => {
    const clock = new VirtualClock();
    setCurrentDevices(new DeviceRegistry({ clock, createHost: () => virtualMediaHost(clock) }));
  });
  afterEach(() => setCurrentDevices(undefined));

  it('is found by the ids of its tracks until it is closed', () => {
    using source = new CustomVideoSource(64, 36, 'BGRA', { screen: true });
    expect(source).toMatchObject({ width: 64, height: 36, colorFormat: 'BGRA', frameRate: undefined });
    const [first, second] = [new CustomVideoTrack(source), new CustomVideoTrack(source)];
    expect(first.id).not.toBe(second.id);
    expect(currentDevices().resolveCustomVideoTrack(second.id)).toBe(source.input);
    source.close();
    expect(() => currentDevices().resolveCustomVideoTrack(second.id)).toThrow(coded('SLUICE_DEVICE_UNKNOWN'));
    expect(() => new CustomVideoTrack(source)).toThrow(coded('SLUICE_DEVICE_DESTROYED'));
    expect(() => source.writeFrame(new Uint8Array(64 * 36 * 4))).toThrow(coded('SLUICE_DEVICE_DESTROYED'));
  });
});
