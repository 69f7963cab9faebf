import type { Recognizer } from '@sluice/core/voice';
import { isAvailable, pocketsphinx } from '@sluice/plugin-pocketsphinx';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { sentences } from './answers.ts';

/**
 * What the agent hears with: free speech where Debian's pocketsphinx is installed, else its own sentences and that
 * something else was said. `grammar` wants the latter in any case: it is told sooner and with fewer errors.
 */
export async function chooseEars(grammar: boolean): Promise<Recognizer> {
  return !grammar && (await isAvailable()) ? pocketsphinx() : soundswallower({ sentences });
}
