import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { voiceError } from '@sluice/core/voice';

/** What the package calls the program in its exports. */
const PROGRAM = '@sluice/plugin-espeak/worker';

/**
 * The compiled program of the thread that speaks: beside this module, or, where a bundler has moved this module, in the
 * installed package.
 *
 * @throws VoiceError `give-up` where there is none
 */
export function threadPath(module = import.meta.url): string {
  const compiled = module.replace(/\/src\/([^/]+)\.ts$/, '/dist/$1.js');
  const beside = fileURLToPath(new URL('./worker/espeak-worker.js', compiled));
  if (existsSync(beside)) return beside;
  try {
    return createRequire(module).resolve(PROGRAM);
  } catch (cause) {
    throw voiceError('its program is not there', {
      model: 'espeak',
      category: 'give-up',
      expected: `${beside}, or ${PROGRAM} installed`,
      fix: 'In a bundle leave @sluice/plugin-espeak external and install it beside; in the repository run npm run build',
      cause,
    });
  }
}
