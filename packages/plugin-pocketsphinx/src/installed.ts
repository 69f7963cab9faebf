import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What is used of the system. */
export interface Installed {
  /** Folder with `en-us/` (acoustic model), `en-us.lm.bin` and `cmudict-en-us.dict`. */
  readonly model: string;
  /** Names or paths of the two shared libraries. */
  readonly libraries: { readonly base: string; readonly decoder: string };
}

/** Where Debian and its descendants put them. */
export const debian: Installed = {
  model: '/usr/share/pocketsphinx/model/en-us',
  libraries: { base: 'libsphinxbase.so.3', decoder: 'libpocketsphinx.so.3' },
};

/** What to do where they are missing. */
export const INSTALL = 'Install the Debian packages libpocketsphinx3 and pocketsphinx-en-us';

/** The three parts of a model. */
export function modelFiles(folder: string): { readonly hmm: string; readonly lm: string; readonly dict: string } {
  return {
    hmm: join(folder, 'en-us'),
    lm: join(folder, 'en-us.lm.bin'),
    dict: join(folder, 'cmudict-en-us.dict'),
  };
}

/** Whether the library loads and the model is there: for an agent that uses it only then. Opens nothing. */
export async function isAvailable({ model, libraries }: Installed = debian): Promise<boolean> {
  if (!Object.values(modelFiles(model)).every((path) => existsSync(path))) return false;
  try {
    const { default: koffi } = await import('koffi');
    for (const library of [libraries.base, libraries.decoder]) koffi.load(library);
    return true;
  } catch {
    return false;
  }
}
