import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SynthesizerSession } from '@sluice/core/voice';
import { flite } from '@sluice/plugin-flite';
import { concat } from '../measuring/concat.ts';
import { levelled } from './audible.ts';
import { RATE } from './rate.ts';
import { resampled } from './resampled.ts';

/** The two that recognisers understand, a woman each. */
export const voices = ['slt', 'f2'] as const;
/** `slt` of flite, or `en-us+f2` of espeak-ng. */
export type Voice = (typeof voices)[number];

/** Sentences as they are spoken, one channel at 16 kHz each, all at the same level. */
export async function speak(texts: readonly string[], voice: Voice): Promise<Int16Array[]> {
  const spoken = await (voice === 'slt' ? withFlite(texts) : withEspeak(texts));
  return spoken.map(levelled);
}

async function withFlite(texts: readonly string[]): Promise<Int16Array[]> {
  const session = await flite({ voice: 'slt' }).open();
  try {
    const spoken: Int16Array[] = [];
    for (const [index, text] of texts.entries()) {
      await session.write({ id: `${index}`, epoch: 0, text });
      spoken.push(await soundOf(session));
    }
    return spoken;
  } finally {
    await session.close();
  }
}

/** All of one request. Iterated by hand: a loop that is left would end the session's events. */
async function soundOf(session: SynthesizerSession<unknown>): Promise<Int16Array> {
  const events = session[Symbol.asyncIterator]();
  const parts: Int16Array[] = [];
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    const event = next.value;
    if (event.type === 'audio') parts.push(event.samples);
    if (event.type === 'failed') throw event.error;
    if (event.type === 'finished') return concat(parts);
  }
  throw new Error('flite ended before its sentence did');
}

async function withEspeak(texts: readonly string[]): Promise<Int16Array[]> {
  const spoken: Int16Array[] = [];
  for (const text of texts) {
    const args = ['-v', 'en-us+f2', '--stdout', text];
    const { stdout } = await promisify(execFile)('espeak-ng', args, { encoding: 'buffer', maxBuffer: 2 ** 26 });
    // Its header is the plain one of 44 bytes, with a length that it does not know.
    const bytes = stdout.subarray(44, 44 + ((stdout.length - 44) & ~1));
    spoken.push(resampled(new Int16Array(new Uint8Array(bytes).buffer), stdout.readUInt32LE(24), RATE));
  }
  return spoken;
}
