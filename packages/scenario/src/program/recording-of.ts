import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ScenarioResult } from '../run-scenario.ts';
import type { RecordTo } from '../stage/open-bot.ts';
import { artifactStem } from './artifact-stem.ts';

/**
 * Where a run is recorded to: a session, and beside it the module of its program, which the session names, so that
 * `sluice replay` finds the scenario again.
 */
export async function recordingOf(
  folder: string,
  scenarioFile: string,
  run: Pick<ScenarioResult, 'name' | 'mode' | 'seed'>,
): Promise<{ readonly record: RecordTo; readonly discard: () => Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const stem = artifactStem(folder, scenarioFile, run);
  const [file, module] = [`${stem}.sluice`, `${stem}.program.mjs`];
  const path = relative(dirname(resolve(module)), resolve(scenarioFile)).replaceAll('\\', '/');
  const from = JSON.stringify(path.startsWith('.') ? path : `./${path}`);
  await writeFile(
    module,
    `import { scenarioProgram, scenariosOf } from '@sluice/scenario';

const scenarios = await scenariosOf(() => import(${from}));
export const program = scenarioProgram(scenarios.find(({ name }) => name === ${JSON.stringify(run.name)}));
`,
  );
  return {
    record: { file, module: pathToFileURL(resolve(module)).href },
    discard: async () => {
      for (const one of [file, module]) await rm(one, { force: true });
    },
  };
}
