import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { DeadlinePacer } from '../deadline-pacer.ts';
import { EngineAudioSource } from './audio-source.ts';
import { closeTrack, type LocalAudio, openTrack } from './local-tracks.ts';
import type { Wrtc } from './wrtc.ts';

test('a source makes one track for all connections that come and go, and ends it with itself', () => {
  const tracks: { stopped: boolean }[] = [];
  class RTCAudioSource {
    createTrack() {
      const track = { stopped: false };
      tracks.push(track);
      return { kind: 'audio', stop: () => Object.assign(track, { stopped: true }) };
    }
  }
  const options = { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 };
  const wrtc = { nonstandard: { RTCAudioSource } } as unknown as Wrtc;
  const pacer = new DeadlinePacer(new VirtualClock(), () => {});
  const source = new EngineAudioSource(1, options, wrtc, pacer, () => {});
  for (let connection = 0; connection < 100; connection++) {
    const local: LocalAudio = {
      kind: 'audio',
      name: 'microphone',
      source,
      track: null,
      transceiver: undefined,
      planned: undefined,
      channels: 1,
      settings: {},
    };
    openTrack(local);
    closeTrack(local);
  }
  expect(tracks).toEqual([{ stopped: false }]);
  source.close();
  expect(tracks).toEqual([{ stopped: true }]);
  expect(() => source.track).toThrow(expect.objectContaining({ code: 'SLUICE_HOST_CLOSED' }));
});
