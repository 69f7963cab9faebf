import { toInt16 } from '@sluice/core/kernels';
import { fromDbfs } from '@sluice/core/testing';
import { BLOCK } from './rate.ts';

/** RMS of what is audible of each sentence: what telephony takes for a usual level (ITU-T P.56, -26 dBov). */
export const SPEECH_LEVEL = fromDbfs(-26);
/** How far below its loudest block a sentence is still heard: 30 dB, in power. */
const FAINTEST = 1 / 1_000;

/** Which blocks of a clean sentence can be heard. */
export function audibleBlocks(samples: Int16Array): boolean[] {
  const energies = Array.from({ length: Math.ceil(samples.length / BLOCK) }, (_, block) =>
    samples.subarray(block * BLOCK, (block + 1) * BLOCK).reduce((sum, sample) => sum + sample * sample, 0),
  );
  const loudest = energies.reduce((most, energy) => Math.max(most, energy), 0);
  return energies.map((energy) => energy > loudest * FAINTEST);
}

/** A sentence at `SPEECH_LEVEL`. */
export function levelled(samples: Int16Array): Int16Array {
  const gain = SPEECH_LEVEL / speechLevel(samples, audibleBlocks(samples));
  return samples.map((sample) => toInt16(sample * gain));
}

/** The root mean square of what is audible, whatever the pauses. */
function speechLevel(samples: Int16Array, audible: readonly boolean[]): number {
  let [energy, count] = [0, 0];
  for (const [block, isAudible] of audible.entries()) {
    if (!isAudible) continue;
    const part = samples.subarray(block * BLOCK, (block + 1) * BLOCK);
    for (const sample of part) energy += sample * sample;
    count += part.length;
  }
  return Math.sqrt(energy / count);
}
