import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { voiceError } from '@sluice/core/voice';

/** GPL-3.0: whoever wants it installs it. */
export const ESPEAK_PACKAGE = '@echogarden/espeak-ng-emscripten';

/**
 * Where the module of espeak is, to import: a path, a `file:` URL, or a package as this package, the working directory or
 * the program sees it.
 *
 * @throws VoiceError `give-up` that says how to install it
 */
export function findModule(module: string): string {
  const places = [import.meta.url, pathToFileURL(join(process.cwd(), 'x.js')).href];
  for (const place of places) {
    try {
      const path = module.startsWith('file:') ? new URL(module) : module;
      const require = createRequire(place);
      return pathToFileURL(require.resolve(typeof path === 'string' ? path : path.pathname)).href;
    } catch {
      // Not to be seen from there.
    }
  }
  throw voiceError(`${module} is not installed`, {
    model: 'espeak',
    category: 'give-up',
    fix: `npm install ${ESPEAK_PACKAGE}; it is under GPL-3.0, which is why this package does not bring it`,
  });
}
