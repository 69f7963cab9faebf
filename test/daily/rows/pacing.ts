import { CustomAudioSource, CustomAudioTrack, Daily } from '@sluice/transport';
import { expect } from 'vitest';
import { until } from '../../../packages/transport/test/until.ts';
import type { Section } from '../row.ts';
import { code, idOf, sine } from '../world.ts';

/** Daily-api 1.3 to 1.6: the rules of writing and reading. */
export const pacing: Section = {
  title: 'Writing and reading',
  rules: true,
  rows: [
    {
      daily: 'Frames are whole samples of 16 bits, little-endian, interleaved; else ValueError',
      sluice: 'Parts of a sample are SLUICE_FRAME_SHAPE',
      verdict: 'same',
      check: async (world) => {
        const stereo = Daily.createMicrophoneDevice(world.name(), { channels: 2 });
        await expect(stereo.writeFrames(Buffer.alloc(6))).rejects.toThrow(code('SLUICE_FRAME_SHAPE'));
      },
    },
    {
      daily: 'A blocking microphone paces its writer',
      sluice: 'The promise of writeFrames paces its writer',
      verdict: 'better',
      note: 'The writer may be 250 ms ahead, so that a busy moment is not heard; the event loop goes on.',
      check: async (world) => {
        const microphone = Daily.createMicrophoneDevice(world.name());
        const settings = { deviceId: microphone.name };
        await world.joined({ clientSettings: { inputs: { microphone: { isEnabled: true, settings } } } });
        for (let count = 0; count < 6; count++) {
          await microphone.writeFrames(sine(440, 1_600));
          expect(microphone.queuedDuration).toBeLessThanOrEqual(microphone.capacityMs);
        }
      },
    },
    {
      daily: 'A non-blocking microphone returns at once; the completion comes when the frames are written',
      sluice: 'The same, counted in samples played',
      verdict: 'same',
      check: async (world) => {
        const microphone = Daily.createMicrophoneDevice(world.name(), { nonBlocking: true });
        const settings = { deviceId: microphone.name };
        await world.joined({ clientSettings: { inputs: { microphone: { isEnabled: true, settings } } } });
        const told: number[] = [];
        for (let count = 0; count < 5; count++)
          expect(await microphone.writeFrames(sine(440, 1_600), (frames) => told.push(frames))).toBe(1_600);
        expect(microphone.queuedDuration).toBeGreaterThan(microphone.capacityMs);
        await until(() => told.length === 5);
        expect(told).toEqual([1_600, 1_600, 1_600, 1_600, 1_600]);
      },
    },
    {
      daily: 'A blocking write is padded with silence to the next 10 ms',
      sluice: 'flush() pads the end of an utterance; what is written after a part goes on without a hole',
      verdict: 'better',
      note: 'Padding every write puts holes into speech that comes in odd pieces.',
      check: async (world) => {
        const microphone = Daily.createMicrophoneDevice(world.name());
        const settings = { deviceId: microphone.name };
        await world.joined({ clientSettings: { inputs: { microphone: { isEnabled: true, settings } } } });
        let done = 0;
        await microphone.writeFrames(sine(440, 100), (frames) => {
          done = frames;
        });
        microphone.flush();
        await until(() => done === 100);
      },
    },
    {
      daily: 'A microphone that is not started takes 0 frames',
      sluice: 'The same: 0, within 10 ms, and the completion is called',
      verdict: 'same',
      check: async (world) => {
        const microphone = Daily.createMicrophoneDevice(world.name());
        const told: number[] = [];
        expect(await microphone.writeFrames(sine(440, 160), (frames) => told.push(frames))).toBe(0);
        expect(told).toEqual([0]);
      },
    },
    {
      daily: 'Completions fire exactly once: alone in the call, not joined, on teardown',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const source = new CustomAudioSource(16_000, 1);
        const told: number[] = [];
        for (let count = 0; count < 3; count++) void source.writeFrames(sine(440, 16_000), (n) => told.push(n));
        source.close();
        await until(() => told.length === 3);
        const microphone = Daily.createMicrophoneDevice(world.name(), { nonBlocking: true });
        const settings = { deviceId: microphone.name };
        await world.joined({ clientSettings: { inputs: { microphone: { isEnabled: true, settings } } } });
        const alone: number[] = [];
        await microphone.writeFrames(sine(440, 1_600), (frames) => alone.push(frames));
        await until(() => alone.length === 1);
      },
    },
    {
      daily: 'An idle microphone sends silence from the beginning',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const microphone = Daily.createMicrophoneDevice(world.name());
        const settings = { deviceId: microphone.name };
        const ada = await world.joined({ clientSettings: { inputs: { microphone: { isEnabled: true, settings } } } });
        const grace = await world.joined();
        let silent = 0;
        grace.setAudioRenderer(idOf(ada), (_, { samples }) => {
          if (samples.every((sample) => Math.abs(sample) < 4)) silent++;
        });
        await until(() => silent > 20);
      },
    },
    {
      daily: 'read_frames: exactly num_frames, or nothing at once when there is nobody to hear',
      sluice: 'The same, and it never waits for ever',
      verdict: 'same',
      check: async (world) => {
        const speaker = Daily.createSpeakerDevice(world.name());
        Daily.selectSpeakerDevice(speaker.name);
        expect(await speaker.readFrames(160_000)).toHaveLength(0);
        await world.joined(world.sounding(440));
        await world.joined();
        await until(async () => (await speaker.readFrames(4_800)).length === 9_600);
      },
    },
    {
      daily: 'A non-blocking speaker gives the audio to the completion',
      sluice: 'The same',
      verdict: 'same',
      check: async (world) => {
        const speaker = Daily.createSpeakerDevice(world.name(), { nonBlocking: true });
        Daily.selectSpeakerDevice(speaker.name);
        await world.joined(world.sounding(440));
        await world.joined();
        const lengths: number[] = [];
        await until(async () => {
          expect(await speaker.readFrames(1_600, (bytes) => lengths.push(bytes.length))).toHaveLength(0);
          return lengths.includes(3_200);
        });
      },
    },
    {
      daily: 'A custom source blocks per call: without a completion until written, with one not at all',
      sluice: 'The same, as promises',
      verdict: 'same',
      check: async () => {
        const source = new CustomAudioSource(16_000, 1);
        for (let count = 0; count < 5; count++) await source.writeFrames(sine(440, 1_600));
        expect(source.queuedDuration).toBeLessThanOrEqual(source.capacityMs);
        for (let count = 0; count < 5; count++) await source.writeFrames(sine(440, 1_600), () => {});
        expect(source.queuedDuration).toBeGreaterThan(source.capacityMs);
        source.close();
      },
    },
    {
      daily: 'auto_silence=False sends nothing while idle',
      sluice: 'autoSilence: false',
      verdict: 'same',
      check: async (world) => {
        const source = new CustomAudioSource(48_000, 1, { autoSilence: false });
        const ada = await world.joined();
        await ada.addCustomAudioTrack('idle', new CustomAudioTrack(source));
        const grace = await world.joined();
        let heard = 0;
        grace.setAudioRenderer(idOf(ada), () => heard++, { audioSource: 'idle' });
        source.write(sine(440, 9_600, 48_000));
        await until(() => heard > 5);
        const { packetsSent } = await ada.networkStats();
        await until(async () => {
          const before = (await ada.networkStats()).packetsSent;
          await new Promise((resolve) => setTimeout(resolve, 300));
          return (await ada.networkStats()).packetsSent === before;
        });
        expect(packetsSent).toBeGreaterThan(0);
      },
    },
    {
      daily: 'A still image has to be sent again and again',
      sluice: 'One writeFrame; who comes later sees it too',
      verdict: 'better',
      note: 'The device sends the last picture again to those who join.',
      check: async (world) => {
        const camera = Daily.createCameraDevice(world.name(), { width: 320, height: 240 });
        const settings = { deviceId: camera.name };
        const ada = await world.joined({ clientSettings: { inputs: { camera: { isEnabled: true, settings } } } });
        camera.writeFrame(Buffer.alloc(320 * 240 * 4, 128));
        const late = await world.joined();
        let seen = 0;
        late.setVideoRenderer(idOf(ada), (_, frame) => {
          seen++;
          frame.close();
        });
        await until(() => seen > 0);
      },
    },
  ],
};
