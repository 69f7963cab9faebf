import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { toError } from '@sluice/core';
import { runScenario } from '../run-scenario.ts';
import { scenariosOf } from '../scenario.ts';
import type { StageMode } from '../stage/stage.ts';
import { type FileResult, junitXml } from './junit.ts';
import { scenarioFiles } from './scenario-files.ts';
import { scenariosUnder } from './scenarios-under.ts';
import { writeArtifacts } from './write-artifacts.ts';

export interface ScenarioProgramOptions {
  /** What stands on the command line. */
  readonly args: readonly string[];
  /** Default: to standard output. */
  readonly print?: (line: string) => void;
}

const usage = `usage: npm run scenario -- [file or folder]... [--real] [--grep text] [--seed n] [--junit out.xml] [--json] [--out folder]

Runs the scenarios of the files, and of a folder those named *.scenario.ts. Without either: every *.scenario.ts under the
working directory. In virtual time, or with --real over a room with real WebRTC. --json prints the runs on one line.
Failing runs leave their sound, log and timeline in the folder (default: out/scenarios).
Exit codes: 0 all passed, 1 some failed, 2 bad usage or no scenario found.`;

/**
 * Runs scenario files, and those named `*.scenario.ts` of folders, as `npm run scenario` does; without either, all under the
 * working directory. Returns the exit code: 0 all passed, 1 some failed, 2 bad usage, a file that cannot be loaded, or no
 * scenario found.
 */
export async function runScenarioProgram(options: ScenarioProgramOptions): Promise<number> {
  const print = options.print ?? ((line: string) => void process.stdout.write(`${line}\n`));
  const asked = readArguments(options.args);
  if (typeof asked === 'string') {
    print(`${asked}\n\n${usage}`);
    return 2;
  }
  if (asked.help) {
    print(usage);
    return 0;
  }
  const mode: StageMode = asked.real ? 'real' : 'virtual';
  const results: FileResult[] = [];
  const files = asked.files.length === 0 ? await scenariosUnder('.') : await scenarioFiles(asked.files);
  for (const file of files) {
    let found: Awaited<ReturnType<typeof scenariosOf>>;
    try {
      found = await scenariosOf(() => import(pathToFileURL(resolve(file)).href));
    } catch (error) {
      print(`${file} cannot be loaded: ${toError(error).message}`);
      return 2;
    }
    for (const one of found) {
      const runsHere = one.options.modes === undefined || one.options.modes.includes(mode);
      if (!runsHere || !one.name.includes(asked.grep)) continue;
      const result = await runScenario(one, { mode, ...(asked.seed === undefined ? {} : { seed: asked.seed }) });
      results.push({ file: relative('.', file), result });
      if (!asked.json) for (const line of lineOf(result)) print(line);
      if (!result.passed)
        for (const path of await writeArtifacts(asked.out, result)) if (!asked.json) print(`       ${path}`);
    }
  }
  if (results.length === 0) {
    print(`no scenario was found\n\n${usage}`);
    return 2;
  }
  const failed = results.filter(({ result }) => !result.passed).length;
  if (asked.junit !== undefined) await writeFile(asked.junit, junitXml(results));
  if (asked.json) print(JSON.stringify(results.map(asJson)));
  else print(`${results.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

interface Asked {
  readonly files: readonly string[];
  readonly real: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly grep: string;
  readonly seed: number | undefined;
  readonly junit: string | undefined;
  readonly out: string;
}

function readArguments(args: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        real: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        grep: { type: 'string', default: '' },
        out: { type: 'string', default: 'out/scenarios' },
        seed: { type: 'string' },
        junit: { type: 'string' },
      },
    });
    const { seed, junit, ...rest } = values;
    if (seed !== undefined && !/^\d{1,9}$/.test(seed))
      return `--seed takes a whole number, not ${JSON.stringify(seed)}`;
    return { ...rest, files: positionals, junit, seed: seed === undefined ? undefined : Number(seed) };
  } catch (error) {
    return toError(error).message;
  }
}

function lineOf({ name, passed, scenarioMs, wallMs, metrics, error, timeline }: FileResult['result']): string[] {
  const times = `${(scenarioMs / 1_000).toFixed(1)} s of talk in ${(wallMs / 1_000).toFixed(1)} s`;
  const figures =
    metrics === undefined
      ? ''
      : `, ${metrics.turns} turns, voice to voice ${metrics.voiceToVoiceMs.p50 ?? '-'} ms, silence ${metrics.timeToSilenceMs.max ?? '-'} ms, ${metrics.glitches} glitches`;
  const head = `${passed ? 'ok    ' : 'FAILED'} ${name} (${times}${figures})`;
  return error === undefined ? [head] : [head, `       ${error.message}`, ...timeline.map((line) => `       ${line}`)];
}

function asJson({ file, result }: FileResult): object {
  const { sound: _sound, log: _log, error, ...rest } = result;
  return { file, ...rest, ...(error === undefined ? {} : { error: error.message }) };
}
