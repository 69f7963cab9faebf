import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { voiceError } from '@sluice/core/voice';

/** What the package calls the program in its exports. */
const PROGRAM = '@sluice/plugin-flite/child';

/**
 * The compiled program of the process that speaks: beside this module, or, where a bundler has moved this module, in the
 * installed package.
 *
 * @throws VoiceError `give-up` where there is none
 */
export function childPath(module = import.meta.url): string {
  const compiled = module.replace(/\/src\/(pool\/[^/]+)\.ts$/, '/dist/$1.js');
  const beside = fileURLToPath(new URL('../child/flite-child.js', compiled));
  if (existsSync(beside)) return beside;
  try {
    return createRequire(module).resolve(PROGRAM);
  } catch (cause) {
    throw voiceError('its program is not there', {
      model: 'flite',
      category: 'give-up',
      expected: `${beside}, or ${PROGRAM} installed`,
      fix: 'In a bundle leave @sluice/plugin-flite external and install it beside; in the repository run npm run build',
      cause,
    });
  }
}
