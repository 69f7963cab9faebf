// Ears and a voice for services on this machine.

import { type FliteVoice, flite } from '@sluice/plugin-flite';
import { type HeardBy, heardBy, spokenBy } from '@sluice/plugin-openai/testing';
import { soundswallower } from '@sluice/plugin-soundswallower';

export interface LocalModels extends AsyncDisposable {
  readonly ears: HeardBy;
  readonly voice: (text: string) => Promise<Int16Array>;
}

/** Ears for a few sentences, and a voice. Both are warm: the first answer takes no longer than others. */
export async function localModels(sentences: readonly string[], name: FliteVoice): Promise<LocalModels> {
  const ears = heardBy(soundswallower({ sentences }));
  const voice = spokenBy(flite({ voice: name }));
  await Promise.all([ears({ samples: new Int16Array(1_600), sampleRate: 16_000 }), voice('Hello.')]);
  return { ears, voice, [Symbol.asyncDispose]: ears[Symbol.asyncDispose] };
}
