import { spawnSync } from 'node:child_process';
import { it } from 'vitest';

/** A test that needs ffmpeg. Where it is not installed it is skipped; under CI it runs and fails. */
export const withFfmpeg: typeof it | typeof it.skip =
  spawnSync('ffmpeg', ['-version']).error !== undefined && process.env.CI !== 'true' ? it.skip : it;

/** What ffmpeg makes of samples, and what it says. */
export function ffmpeg(samples: Int16Array, sampleRate: number, filter: string, channels = 1) {
  const format = ['-f', 's16le', '-ar', `${sampleRate}`, '-ac', `${channels}`];
  const { stdout, stderr, error } = spawnSync(
    'ffmpeg',
    ['-nostdin', '-hide_banner', ...format, '-i', 'pipe:0', '-af', filter, ...format, 'pipe:1'],
    { input: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), maxBuffer: 2 ** 28 },
  );
  if (error !== undefined) throw error;
  const bytes = new Uint8Array(stdout);
  return { samples: new Int16Array(bytes.buffer, 0, bytes.length >> 1), said: stderr.toString() };
}
