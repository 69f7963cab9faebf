import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunFile } from '@sluice/inspector';
import { notInstalled, wrongUsage } from '../errors.ts';
import { defineCommand, type Outcome } from '../terms/command.ts';

const flags = {
  media: { type: 'boolean', about: 'with a program: sound and pictures of links may be heard and seen' },
  control: { type: 'boolean', about: 'with a program: nodes may be sent messages' },
} as const;

/** How long a process may take to open its page after its signal, in milliseconds. */
const OPENS_WITHIN_MS = 5_000;

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
    const { listRunFiles, pageUrl } = await loadInspector();
    const files = listRunFiles();
    if (pid === undefined) return listed(files, pageUrl);
    const find = () => listRunFiles().find((file) => `${file.pid}` === pid);
    const found = find();
    if (found === undefined)
      return {
        ok: false,
        result: null,
        text: '',
        problems: [{ message: `no process ${pid} of yours can be looked at`, fix: 'SLUICE_INSPECT=1 node <program>' }],
        next: 'sluice inspect',
      };
    const opened = pageUrl(found) === undefined ? await woken(found, find) : found;
    const url = opened && pageUrl(opened);
    if (url === undefined)
      return { ok: false, result: null, text: '', problems: [{ message: `process ${pid} does not open its page` }] };
    return { ok: true, result: { pid: found.pid, url }, text: `${url}\n` };
  },
});

async function loadInspector() {
  try {
    return await import('@sluice/inspector');
  } catch (error) {
    throw notInstalled('@sluice/inspector is not installed', 'npm install --save-dev @sluice/inspector', error);
  }
}

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

/** Opens the page of a process that waits for its signal, and only of one that says so. */
async function woken(file: RunFile, find: () => RunFile | undefined): Promise<RunFile | undefined> {
  if (file.signal === undefined) return undefined;
  process.kill(file.pid, file.signal);
  for (let waitedMs = 0; waitedMs < OPENS_WITHIN_MS; waitedMs += 50) {
    await sleep(50);
    const now = find();
    if (now?.port !== undefined) return now;
  }
  return undefined;
}
