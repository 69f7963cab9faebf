import { replayCommand } from '@sluice/core/session';
import { readTypeScript } from '../programs/load-module.ts';
import { defineCommand } from '../terms/command.ts';
import { type ExitCode, exitCodes } from '../terms/exit-codes.ts';

export const replay = defineCommand({
  name: 'replay',
  summary: 'Runs a recorded session again and compares what comes out, to the byte',
  usage: '<file.sluice>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice replay call.sluice',
    'sluice replay call.sluice --program main.ts',
    'sluice replay call.sluice --json',
  ],
  flags: { program: { type: 'string', value: '<path>', about: 'the program; default: what the session names' } },
  async run({ words, values: { program }, json, during }) {
    let out = '';
    let err = '';
    try {
      readTypeScript(`${process.cwd()}/${program ?? 'program.js'}`);
    } catch (error) {
      // Only a program that is TypeScript needs it.
      if (program !== undefined && /\.[mc]?ts$/.test(program)) throw error;
    }
    const args = [...words, ...(program === undefined ? [] : ['--program', program]), ...(json ? ['--json'] : [])];
    let replayedMs = 0;
    const replayed = replayCommand(args, {
      out: (text) => (out += text),
      err: (text) => (err += text),
      onProgress: (mediaMs) => {
        replayedMs = mediaMs;
      },
    });
    const code = await during(replayed, () => `replayed ${(replayedMs / 1_000).toFixed(1)} s of ${words[0]}`);
    const [, fault, message] = /^(?:(SLUICE_\w+): )?(.*)$/s.exec(err.trim()) ?? [];
    const problems = err === '' ? [] : [{ ...(fault && { code: fault }), message: message ?? err }];
    return {
      ok: code === exitCodes.ok,
      result: json && out !== '' ? JSON.parse(out) : null,
      text: out,
      problems,
      // It has no other than 0, 1 and 2, with the meaning they have here.
      exitCode: code as ExitCode,
    };
  },
});
