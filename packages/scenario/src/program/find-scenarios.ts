import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toError } from '@sluice/core';
import { badFile, noScenario, twiceNamed } from '../errors.ts';
import { type Scenario, scenariosOf } from '../scenario.ts';
import { scenariosUnder } from './scenarios-under.ts';

export interface FoundScenario {
  /** From the working directory. */
  readonly file: string;
  readonly scenario: Scenario;
}

/** What a file made: one that is loaded again makes nothing. */
const loaded = new Map<string, readonly Scenario[]>();

/**
 * The scenarios of files, and of folders and all folders in them; of the working directory where none is named. All are
 * loaded before the first can run.
 *
 * @throws `SLUICE_SCENARIO_NOT_FOUND` for what is not there or has none, `SLUICE_SCENARIO_FILE` for what cannot be loaded,
 * `SLUICE_SCENARIO_TWICE` for a name that a file has twice
 */
export async function findScenarios(named: readonly string[]): Promise<readonly FoundScenario[]> {
  const paths = named.length === 0 ? ['.'] : named;
  const files = new Set<string>();
  for (const path of paths) for (const file of await filesOf(path)) files.add(relative('.', file));
  const found: FoundScenario[] = [];
  for (const file of files) for (const scenario of await load(file)) found.push({ file, scenario });
  return found;
}

async function filesOf(path: string): Promise<readonly string[]> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) throw noScenario(`there is no file and no folder ${path}`);
  if (!there.isDirectory()) return [path];
  const inside = await scenariosUnder(path);
  if (inside.length === 0) throw noScenario(`no file in ${resolve(path)} is named *.scenario.ts`);
  return inside;
}

async function load(file: string): Promise<readonly Scenario[]> {
  const { href } = pathToFileURL(resolve(file));
  let made = loaded.get(href);
  if (made === undefined) {
    try {
      made = await scenariosOf(() => import(href));
    } catch (error) {
      throw badFile(file, toError(error));
    }
    loaded.set(href, made);
  }
  if (made.length === 0)
    throw noScenario(`${file} makes no scenario when it is loaded`, 'Call scenario(name, options, play) in it');
  const names = new Set<string>();
  for (const { name } of made) {
    if (names.has(name)) throw twiceNamed(file, name);
    names.add(name);
  }
  return made;
}
