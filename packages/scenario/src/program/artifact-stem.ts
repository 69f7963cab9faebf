import { join } from 'node:path';
import type { ScenarioResult } from '../run-scenario.ts';

/** The beginning of the paths of what a run leaves in a folder: the file, the scenario, mode and seed. */
export function artifactStem(
  folder: string,
  file: string,
  { name, mode, seed }: Pick<ScenarioResult, 'name' | 'mode' | 'seed'>,
): string {
  return join(folder, `${plain(file.replace(/\.scenario\.[cm]?[jt]s$/, ''))}-${plain(name)}-${mode}-${seed}`);
}

/** Letters and digits, hyphens between them. */
function plain(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
}
