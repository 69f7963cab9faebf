import { execFileSync } from 'node:child_process';
import { Resampler } from '@sluice/core/kernels';
import { withTools } from '../packages/nodes/test/with-tools.ts';

export const withEspeak = withTools('espeak-ng');

/** A sentence spoken by espeak-ng, one channel at `outputRate` hertz. */
export function speakByEspeak(text: string, outputRate: number, voice = 'en-us+f2'): Int16Array {
  const wav = execFileSync('espeak-ng', ['-v', voice, '--stdout', text], { maxBuffer: 1 << 26 });
  // Its header is the plain one of 44 bytes, with 22,050 Hz and a length that it does not know.
  const bytes = new Uint8Array(wav.subarray(44, 44 + ((wav.length - 44) & ~1)));
  const resampler = new Resampler({ inputRate: wav.readUInt32LE(24), outputRate, channels: 1 });
  const samples = resampler.process(new Int16Array(bytes.buffer));
  const tail = resampler.flush();
  const all = new Int16Array(samples.length + tail.length);
  all.set(samples);
  all.set(tail, samples.length);
  return all;
}
