import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { notInstalled } from '../errors.ts';
import { findFiles } from '../programs/find-files.ts';
import { readTypeScript } from '../programs/load-module.ts';
import { defineCommand, type Flags } from '../terms/command.ts';
import type { ExitCode } from '../terms/exit-codes.ts';
import { fold } from '../terms/fold.ts';

const flags = {
  real: { type: 'boolean', about: 'over a room with real WebRTC, not in virtual time' },
  record: { type: 'boolean', about: 'keeps the session of the agent where a run fails, for sluice replay' },
  'record-all': { type: 'boolean', about: 'of those that pass as well' },
  grep: { type: 'string', about: 'only those with this in their name' },
  seed: { type: 'string', value: '<number>', about: 'of what is left to chance' },
  junit: { type: 'string', value: '<file.xml>', about: 'writes a report for CI' },
  out: { type: 'string', value: '<folder>', about: 'where failing runs leave their sound; default: out/scenarios' },
} as const satisfies Flags;

export const scenario = defineCommand({
  name: 'scenario',
  summary: 'Runs conversations with a voice agent as tests',
  usage: '[file or folder]...',
  words: { least: 0, most: Number.POSITIVE_INFINITY },
  examples: ['sluice scenario', 'sluice scenario agent.scenario.ts --real', 'sluice scenario --grep greeting --json'],
  flags,
  endsInOrder: true,
  async run({ words, values, json, tell, signal, width }) {
    const { runScenarioProgram } = await import('@sluice/scenario').catch((error: unknown) => {
      throw notInstalled('@sluice/scenario is not installed', 'npm install --save-dev @sluice/scenario', error);
    });
    const typed = await firstInTypeScript(words);
    try {
      readTypeScript(resolve(typed ?? 'scenario.js'));
    } catch (error) {
      if (typed !== undefined) throw error;
    }
    const given = Object.keys(flags).flatMap((name) => {
      const value = values[name as keyof typeof flags];
      if (value === undefined || value === false) return [];
      return value === true ? [`--${name}`] : [`--${name}`, value];
    });
    const lines: string[] = [];
    const code = await runScenarioProgram({
      args: [...words, ...given, ...(json ? ['--json'] : [])],
      signal,
      print: (line) => {
        lines.push(line);
        // A command is copied whole.
        tell(line.includes('npx sluice ') ? line : fold(line, width, 2));
      },
    });
    const told = json ? parsed(lines) : undefined;
    return {
      ok: code === 0,
      result: told ?? null,
      text: '',
      problems: code === 2 && told === undefined ? [{ message: json ? lines.join('\n') : 'nothing was run' }] : [],
      // It has no other than 0, 1 and 2, with the meaning they have here.
      exitCode: code as ExitCode,
    };
  },
});

/** The first file in TypeScript among those that are named, or lie in the folders. */
async function firstInTypeScript(words: readonly string[]): Promise<string | undefined> {
  for (const word of words.length > 0 ? words : ['.']) {
    const isFolder = statSync(word, { throwIfNoEntry: false })?.isDirectory() === true;
    const [file] = isFolder ? await findFiles(word, /\.scenario\.[mc]?ts$/) : /\.[mc]?ts$/.test(word) ? [word] : [];
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Its last line is the runs as JSON, unless it could run none. */
function parsed(lines: readonly string[]): unknown {
  try {
    return JSON.parse(lines.at(-1) ?? '');
  } catch {
    return undefined;
  }
}
