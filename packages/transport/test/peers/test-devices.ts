import { noGlitches } from '@sluice/core';
import type { CallDevices } from '../../src/call/call-devices.ts';
import type { AudioInput } from '../../src/devices/audio/audio-input.ts';
import { deviceUnknown } from '../../src/devices/device-errors.ts';
import type { ListenerState } from '../../src/devices/device-use.ts';
import { createInProcessHost } from '../../src/host/engine/in-process-host.ts';
import type { HostAudioSource } from '../../src/host/media-host.ts';

/** Devices of a test: every name is a microphone or track that plays a tone of its own. */
export interface TestDevices extends CallDevices {
  /** Samples per channel that reached the speaker, by track. */
  readonly played: () => number;
  /** What the devices were told about who hears them. */
  readonly listeners: ReadonlyMap<string, ListenerState>;
  close(): Promise<void>;
}

const SAMPLE_RATE = 48_000;

/** The name says what is played: `tone-440`, `silent`, or `mute`, which sends nothing. */
export function createTestDevices(): TestDevices {
  const media = createInProcessHost();
  const feeds = new Map<string, AudioInput>();
  const timers: NodeJS.Timeout[] = [];
  let played = 0;
  const listeners = new Map<string, ListenerState>();

  const feed = (name: string): AudioInput => {
    const known = feeds.get(name);
    if (known !== undefined) return known;
    const continuous = name !== 'mute';
    const source = media.createAudioSource({
      sampleRate: SAMPLE_RATE,
      channels: 1,
      autoSilence: continuous,
      cushionMs: 60,
    });
    const hz = Number(/tone-(\d+)/.exec(name)?.[1] ?? 0);
    if (hz > 0) timers.push(playTone(source, hz));
    const made: AudioInput = {
      glitches: noGlitches,
      lastPlayedAt: Number.NEGATIVE_INFINITY,
      source,
      continuous,
      openLevel: () => {
        throw new Error('levels are measured with the devices of Daily');
      },
      use: () => ({ set: (state) => listeners.set(name, state), close: () => listeners.delete(name) }),
    };
    feeds.set(name, made);
    return made;
  };
  return {
    host: media,
    microphones: [],
    cameras: [],
    played: () => played,
    listeners,
    resolveMicrophone: feed,
    resolveCustomTrack: feed,
    resolveCamera: noVideo,
    resolveCustomVideoTrack: noVideo,
    inCall: () => () => {},
    speakers: {
      open: () => ({
        push: (samples, _, channels) => {
          played += samples.length / channels;
        },
        close: () => {},
      }),
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await media.close();
    },
  };
}

/** Tests with pictures use the devices of `Daily`. */
function noVideo(name: string): never {
  throw deviceUnknown('camera', name, []);
}

function playTone(source: HostAudioSource, hz: number): NodeJS.Timeout {
  let index = 0;
  const start = performance.now();
  const write = () => {
    // 200 ms ahead, so that a busy test machine leaves no holes.
    const due = ((performance.now() - start + 200) / 1_000) * SAMPLE_RATE;
    const count = Math.floor((due - index) / 480) * 480;
    if (count <= 0) return;
    const samples = new Int16Array(count);
    for (let n = 0; n < count; n++) samples[n] = 10_000 * Math.sin((2 * Math.PI * hz * (index + n)) / SAMPLE_RATE);
    index += count;
    source.write(samples);
  };
  write();
  return setInterval(write, 20);
}
