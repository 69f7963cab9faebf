import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hostUnavailable } from '../host-errors.ts';

/** What the package calls the program in its exports. */
const PROGRAM = '@sluice/transport/media-host';

/**
 * The compiled program of the engine's process: beside this module, or, where a bundler has moved this module elsewhere,
 * in the installed package, as the bundle, the program that was started and the working directory see it.
 *
 * @throws `SLUICE_HOST_UNAVAILABLE` that says what to do with a bundle.
 */
export function engineEntry(
  module = import.meta.url,
  places: readonly string[] = [module, pathToFileURL(process.argv[1] ?? '.').href, pathToFileURL('./program.js').href],
): string {
  const compiled = module.replace(/\/src\/(host\/child\/[^/]+)\.ts$/, '/dist/$1.js');
  const beside = fileURLToPath(new URL('./child-entry.js', compiled));
  if (existsSync(beside)) return beside;
  for (const place of places) {
    try {
      const installed = createRequire(place).resolve(PROGRAM);
      if (existsSync(installed)) return installed;
    } catch {
      // Not to be seen from there.
    }
  }
  throw hostUnavailable(
    `there is no ${beside}, and ${PROGRAM} is not installed`,
    undefined,
    "In a bundle leave @sluice/transport and @roamhq/wrtc external and install them beside it, or use Daily.init({ mediaHost: 'in-process' }); in the repository run npm run build",
  );
}
