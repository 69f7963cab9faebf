import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RunFile } from '@sluice/inspector';
import { wrongUsage } from '../errors.ts';
import { loadInspector, notOpened, openProcess } from '../processes/running-process.ts';
import { defineCommand, type Outcome } from '../terms/command.ts';

const flags = {
  media: { type: 'boolean', about: 'with a program: sound and pictures of links may be heard and seen' },
  control: { type: 'boolean', about: 'with a program: nodes may be sent messages' },
} as const;

export const inspect = defineCommand({
  name: 'inspect',
  summary: 'Shows graphs while they run: lists who can be looked at, opens one, or runs a program and shows its own',
  usage: '[pid] [-- <program> <argument>...]',
  words: { least: 0, most: 1 },
  examples: ['sluice inspect', 'sluice inspect 4711', 'sluice inspect --media -- node bot.js'],
  flags,
  async run({ words: [pid], rest, values, env, signal }) {
    if (rest.length > 0) {
      if (pid !== undefined)
        throw wrongUsage(`a process (${pid}) and a program (${rest[0]}): one of them`, 'sluice inspect --help');
      return started(rest, [...(values.media ? ['media'] : []), ...(values.control ? ['control'] : [])], env, signal);
    }
    if (pid === undefined) {
      const { listRunFiles, pageUrl } = await loadInspector();
      return listed(listRunFiles(), pageUrl);
    }
    const process = await openProcess(pid);
    if ('problem' in process) return notOpened(process);
    const { file, url } = process;
    return { ok: true, result: { pid: file.pid, url }, text: `${url}\n` };
  },
});

/** Runs a program that shows each of its graphs; it ends as the program does. */
async function started(
  [program = '', ...more]: readonly string[],
  allowed: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Outcome> {
  const asked = ['1', ...allowed].join(',');
  const child = spawn(program, more, { stdio: 'inherit', env: { ...env, SLUICE_INSPECT: asked } });
  // A terminal gives its Ctrl-C to the program as well; a signal to this process alone is handed on.
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const failed = new Promise<Error>((tell) => child.once('error', tell));
  const ended = await Promise.race([once(child, 'exit'), failed]);
  if (ended instanceof Error) throw wrongUsage(`${program} cannot be run: ${ended.message}`, 'sluice inspect --help');
  const [code] = ended as [number | null];
  const message = code === null ? `${program} was ended by a signal` : `${program} ended with ${code}`;
  return { ok: code === 0, result: { program, code }, text: '', problems: code === 0 ? [] : [{ message }] };
}

function listed(files: readonly RunFile[], pageUrl: (file: RunFile) => string | undefined): Outcome {
  const rows = files.map((file) => ({
    pid: file.pid,
    program: file.program,
    graphs: file.graphs,
    url: pageUrl(file) ?? null,
  }));
  const lines = rows.map(
    ({ pid, graphs, url }) => `${pid}  ${graphs.join(', ') || 'no graph yet'}  ${url ?? `sluice inspect ${pid}`}`,
  );
  return {
    ok: true,
    result: rows,
    text: lines.length === 0 ? 'nobody can be looked at\n' : `${lines.join('\n')}\n`,
    ...(lines.length === 0 ? { next: 'sluice inspect -- node <program>' } : {}),
  };
}
