import { realClock } from '@sluice/core';
import { afterEach, expect, it, vi } from 'vitest';
import { EncoderProcess } from './encoder-process.ts';
import { LivePace } from './live-pace.ts';
import { mediaTarget } from './media-output.ts';
import { MovieFile } from './movie-file.ts';

afterEach(() => void vi.restoreAllMocks());

it('counts the time of a live stream from its first frame, also while it waits for the other kind', async () => {
  const now = vi.spyOn(realClock, 'now').mockReturnValue(0);
  const pace = new LivePace();
  const target = mediaTarget('udp://127.0.0.1:9', undefined);
  const args = ['-f', 'matroska', '-i', 'pipe:0'];
  const file = new MovieFile(['audio', 'video'], () => new EncoderProcess('ffmpeg', args, target), pace);
  void file.join({ kind: 'audio', sampleRate: 48_000, channels: 1 }, 0);
  now.mockReturnValue(4_000);
  await file.join({ kind: 'video', width: 2, height: 2, colorSpace: 'bt601' }, 4_000_000);
  await file.put('audio', { timestamp: 4_000_000, duration: 20_000 }, new Uint8Array(1_920));
  expect(pace.problems).toEqual([]);
  await file.put('audio', { timestamp: 8_000_000, duration: 20_000 }, new Uint8Array(1_920));
  expect(pace.problems).toHaveLength(1);
  await file.abort();
});
