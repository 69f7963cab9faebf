import { execFileSync, spawnSync } from 'node:child_process';
import { Resampler } from '@sluice/core/kernels';
import { it } from 'vitest';

/** A test that needs espeak-ng. Where it is not installed it is skipped; under CI it runs and fails. */
export const withEspeak: typeof it | typeof it.skip =
  spawnSync('espeak-ng', ['--version']).error !== undefined && process.env.CI !== 'true' ? it.skip : it;

/** A sentence spoken by espeak-ng, one channel at 16 kHz. */
export function speak(text: string, voice = 'en-us+f2'): Int16Array {
  const wav = execFileSync('espeak-ng', ['-v', voice, '--stdout', text], { maxBuffer: 1 << 26 });
  // Its header is the plain one of 44 bytes, with 22,050 Hz and a length that it does not know.
  const bytes = new Uint8Array(wav.subarray(44, 44 + ((wav.length - 44) & ~1)));
  const resampler = new Resampler({ inputRate: wav.readUInt32LE(24), outputRate: 16_000, channels: 1 });
  const samples = resampler.process(new Int16Array(bytes.buffer));
  const tail = resampler.flush();
  const all = new Int16Array(samples.length + tail.length);
  all.set(samples);
  all.set(tail, samples.length);
  return all;
}
