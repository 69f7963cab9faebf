import { spawnSync } from 'node:child_process';
import { it } from 'vitest';

/** A test that needs programs of the system. Where they are not installed it is skipped; under CI it runs and fails. */
export function withTools(...tools: readonly string[]): typeof it | typeof it.skip {
  const missing = tools.some((tool) => spawnSync(tool, ['--version']).error !== undefined);
  return missing && process.env.CI !== 'true' ? it.skip : it;
}
