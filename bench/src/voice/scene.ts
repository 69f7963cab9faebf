import { toInt16 } from '@sluice/core/kernels';
import { rms, seededRandom } from '@sluice/core/testing';
import { audibleBlocks, SPEECH_LEVEL } from './audible.ts';
import { BLOCK } from './rate.ts';

/** Blocks before the first sentence and behind the last: time to learn a background. */
const MARGIN = 150;
/** Blocks of a pause, drawn between these. */
const PAUSE = { least: 80, most: 200 };

/** Sentences with pauses between them, without any background, and the truth about each block of 10 ms. */
export interface Scene {
  /** 16 kHz, one channel, whole blocks. */
  readonly samples: Int16Array;
  /** `between` is what cannot be heard within a sentence: neither answer is wrong there. */
  readonly blocks: readonly ('speech' | 'between' | 'pause')[];
  /** From the first audible block of each sentence to behind its last. */
  readonly sentences: readonly { readonly from: number; readonly to: number }[];
}

export function makeScene(spoken: readonly Int16Array[]): Scene {
  const random = seededRandom(1);
  const parts: { readonly at: number; readonly samples: Int16Array }[] = [];
  const sentences: Scene['sentences'][number][] = [];
  const blocks: Scene['blocks'][number][] = Array(MARGIN).fill('pause');
  for (const samples of spoken) {
    const audible = audibleBlocks(samples);
    const [first, last] = [audible.indexOf(true), audible.lastIndexOf(true)];
    if (first < 0) throw new Error('a sentence is silent');
    const at = blocks.length;
    sentences.push({ from: at + first, to: at + last + 1 });
    parts.push({ at: at * BLOCK, samples });
    for (const [block, isAudible] of audible.entries())
      blocks.push(isAudible ? 'speech' : block > first && block < last ? 'between' : 'pause');
    const pause = PAUSE.least + Math.floor(random() * (PAUSE.most - PAUSE.least));
    for (let block = 0; block < pause; block++) blocks.push('pause');
  }
  for (let block = 0; block < MARGIN; block++) blocks.push('pause');
  const samples = new Int16Array(blocks.length * BLOCK);
  for (const part of parts) samples.set(part.samples, part.at);
  return { samples, blocks, sentences };
}

/** The scene over a background of the same length, whose level is `snr` dB below that of the voice. */
export function overBackground({ samples }: Scene, background: Int16Array, snr: number): Int16Array {
  const gain = (SPEECH_LEVEL * 10 ** (-snr / 20)) / rms(background);
  return samples.map((sample, index) => toInt16(sample + background[index]! * gain));
}
