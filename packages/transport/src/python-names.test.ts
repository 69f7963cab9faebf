import { afterEach, beforeEach, expect, it } from 'vitest';
import { Daily } from './daily.ts';
import { CustomAudioSource } from './devices/custom/custom-audio-source.ts';
import { CustomVideoSource } from './devices/custom/custom-video-source.ts';

beforeEach(() => Daily.init({ mediaHost: 'in-process' }));
afterEach(() => Daily.deinit());

/** Each with a method that it has in Python, and the name that it has here. */
const named: Record<string, readonly [() => object, string, string]> = {
  Daily: [() => Daily, 'create_microphone_device', 'createMicrophoneDevice'],
  'the log level': [() => Daily, 'set_log_level', 'setLogLevel'],
  'a microphone': [() => Daily.createMicrophoneDevice('mic'), 'write_frames', 'writeFrames'],
  'a speaker': [() => Daily.createSpeakerDevice('speaker'), 'read_frames', 'readFrames'],
  'a camera': [() => Daily.createCameraDevice('camera', { width: 64, height: 64 }), 'write_frame', 'writeFrame'],
  'an audio source': [() => new CustomAudioSource(16_000, 1), 'write_frames', 'writeFrames'],
  'a video source': [() => new CustomVideoSource(64, 64, 'RGBA'), 'write_frame', 'writeFrame'],
  'the detector': [() => Daily.createNativeVad(), 'analyze_frames', 'analyzeFrames'],
};

it.each(Object.entries(named))(
  '%s tells its name of a method that was named as in Python',
  (_, [make, python, ours]) => {
    const made = make() as Record<string, (() => unknown) | undefined>;
    expect(() => made[python]?.()).toThrow(
      expect.objectContaining({ code: 'SLUICE_INVALID_ARGUMENT', message: expect.stringContaining(`Call ${ours}`) }),
    );
    expect(made[ours]).toBeTypeOf('function');
    expect(Object.keys(Object.getPrototypeOf(made))).not.toContain(python);
  },
);
