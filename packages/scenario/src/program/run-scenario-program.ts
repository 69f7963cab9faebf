import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { isSluiceError, toError } from '@sluice/core';
import { noScenario, type ScenarioErrorCode, scenarioErrorCodes } from '../errors.ts';
import { runScenario } from '../run-scenario.ts';
import type { StageMode } from '../stage/stage.ts';
import { type FoundScenario, findScenarios } from './find-scenarios.ts';
import { type FileResult, junitXml } from './junit.ts';
import { recordingOf } from './recording-of.ts';
import { reportLines } from './report-lines.ts';
import { writeArtifacts } from './write-artifacts.ts';

/** Arguments of the program behind `sluice scenario`, and where its lines go. */
export interface ScenarioProgramOptions {
  /** What stands on the command line. */
  readonly args: readonly string[];
  /** Default: to standard output. */
  readonly print?: (line: string) => void;
  /** Ends the run that is under way, which fails by its reason, and begins no other; the reports are written. */
  readonly signal?: AbortSignal;
}

const usage = `usage: npx sluice scenario [file or folder]... [--real] [--record | --record-all] [--grep text] [--seed n] [--junit out.xml] [--json] [--out folder]

Runs the scenarios of the files, and every *.scenario.ts of the folders and of all folders in them. Without either: of the
working directory. In virtual time, or with --real over a room with real WebRTC. --json prints the runs on one line.
Failing runs leave their sound, log and timeline in the folder (default: out/scenarios); with --record also the session of
the agent, for sluice replay, with --record-all those that pass as well.
Exit codes: 0 all passed, 1 some failed, 2 bad usage or no scenario found.`;

/**
 * Runs scenario files, and those named `*.scenario.ts` in folders, however deep, as `sluice scenario` does; without either,
 * all under the working directory. Returns the exit code: 0 all passed, 1 some failed or were not run, 2 bad usage, a file that cannot be loaded, or no
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
  let scenarios: readonly FoundScenario[];
  try {
    scenarios = askedOf(await findScenarios(asked.files), asked);
  } catch (error) {
    if (!isOurs(error)) throw error;
    print(error.message);
    return 2;
  }
  const { signal } = options;
  const results: FileResult[] = [];
  for (const { file, scenario } of scenarios) {
    if (signal?.aborted) break;
    const mode = modeOf(asked);
    const seed = asked.seed ?? scenario.options.seed ?? 1;
    const run = { name: scenario.name, mode, seed };
    const recording = asked.record ? await recordingOf(asked.out, file, run) : undefined;
    const result = await runScenario(scenario, {
      mode,
      seed,
      ...(recording && { record: recording.record }),
      ...(signal && { signal }),
    });
    const kept = result.session !== undefined && (!result.passed || asked.recordAll);
    if (!kept) await recording?.discard();
    const artifacts = result.passed ? undefined : await writeArtifacts(asked.out, file, result);
    results.push({ file, result, ...(artifacts && { artifacts }) });
    if (!asked.json) for (const line of reportLines(result, artifacts)) print(line);
    if (kept && !asked.json) print(`       replay: npx sluice replay ${result.session!.file}`);
  }
  const failed = results.filter(({ result }) => !result.passed).length;
  if (asked.junit !== undefined) {
    await mkdir(dirname(asked.junit), { recursive: true });
    await writeFile(asked.junit, junitXml(results));
  }
  if (asked.json) print(JSON.stringify(results.map(asJson)));
  const left = scenarios.length - results.length;
  if (!asked.json) print(`${results.length - failed} passed, ${failed} failed${left > 0 ? `, ${left} not run` : ''}`);
  return failed === 0 && left === 0 ? 0 : 1;
}

/** Those that run in the mode and have the text in their name. */
function askedOf(found: readonly FoundScenario[], asked: Asked): readonly FoundScenario[] {
  const mode = modeOf(asked);
  const here = found.filter(({ scenario: { options } }) => options.modes === undefined || options.modes.includes(mode));
  if (here.length === 0)
    throw noScenario(`none of ${found.length} scenarios runs in ${mode} mode`, 'Change their modes');
  const named = here.filter(({ scenario: { name } }) => name.includes(asked.grep));
  if (named.length > 0) return named;
  const names = here.map(({ scenario: { name } }) => JSON.stringify(name)).join(', ');
  throw noScenario(`no scenario has ${JSON.stringify(asked.grep)} in its name`, `Name one of ${names}`);
}

function modeOf({ real }: Asked): StageMode {
  return real ? 'real' : 'virtual';
}

function isOurs(error: unknown): error is Error {
  return isSluiceError(error) && scenarioErrorCodes.includes(error.code as ScenarioErrorCode);
}

interface Asked {
  readonly files: readonly string[];
  readonly real: boolean;
  readonly json: boolean;
  readonly help: boolean;
  readonly record: boolean;
  readonly recordAll: boolean;
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
        record: { type: 'boolean', default: false },
        'record-all': { type: 'boolean', default: false },
        grep: { type: 'string', default: '' },
        out: { type: 'string', default: 'out/scenarios' },
        seed: { type: 'string' },
        junit: { type: 'string' },
      },
    });
    const { seed, junit, record, 'record-all': recordAll, ...rest } = values;
    if (seed !== undefined && !/^\d{1,9}$/.test(seed))
      return `--seed takes a whole number, not ${JSON.stringify(seed)}`;
    return {
      ...rest,
      record: record || recordAll,
      recordAll,
      files: positionals,
      junit,
      seed: seed === undefined ? undefined : Number(seed),
    };
  } catch (error) {
    return toError(error).message;
  }
}

function asJson({ file, result, artifacts }: FileResult): object {
  const { sound: _sound, log: _log, error, ...rest } = result;
  return { file, ...rest, ...(error === undefined ? {} : { error: error.message }), ...(artifacts && { artifacts }) };
}
