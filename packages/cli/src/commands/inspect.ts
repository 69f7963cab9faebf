import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { InspectMessage, RunFile } from '@sluice/inspector';
import { notWritten, wrongUsage } from '../errors.ts';
import { endsWithUs, ownGroup } from '../processes/ends-with-us.ts';
import { loadInspector, notOpened, openProcess } from '../processes/running-process.ts';
import { type Call, defineCommand, type Outcome } from '../terms/command.ts';
import { durationMs } from '../terms/duration.ts';

/** How long a trace is unless it is told, in milliseconds. */
const TRACE_MS = 5_000;

const flags = {
  media: { type: 'boolean', about: 'with a program: sound and pictures of links may be heard and seen' },
  control: { type: 'boolean', about: 'with a program: nodes may be sent messages' },
  trace: { type: 'string', value: '<file>', about: 'writes what a process does for a while, for ui.perfetto.dev' },
  for: { type: 'string', value: '<time>', about: 'how long the trace is; 5s unless told' },
} as const;

export const inspect = defineCommand({
  name: 'inspect',
  summary: 'Shows graphs while they run: lists who can be looked at, opens one, or runs a program and shows its own',
  usage: '[pid] [-- <program> <argument>...]',
  words: { least: 0, most: 1 },
  examples: ['sluice inspect 4711', 'sluice inspect 4711 --trace bot.json', 'sluice inspect --media -- node bot.js'],
  flags,
  endsInOrder: true,
  async run({ words: [pid], rest, values, env, json, signal }) {
    if (values.trace !== undefined) {
      if (rest.length > 0) throw wrongUsage('--trace is of a process that runs already', 'sluice inspect --help');
      return traced(pid, values.trace, durationMs('for', values.for) ?? TRACE_MS, signal);
    }
    if (values.for !== undefined) throw wrongUsage('--for goes with --trace', 'sluice inspect --help');
    if (rest.length > 0) {
      if (pid !== undefined)
        throw wrongUsage(`a process (${pid}) and a program (${rest[0]}): one of them`, 'sluice inspect --help');
      return started(rest, [...(values.media ? ['media'] : []), ...(values.control ? ['control'] : [])], {
        env,
        json,
        signal,
      });
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

/** Looks at a process for a while, by the time of its samples, and writes what its graphs did. */
async function traced(pid: string | undefined, to: string, forMs: number, signal: AbortSignal): Promise<Outcome> {
  const process = await openProcess(pid);
  if ('problem' in process) return notOpened(process);
  const { lookAt, traceOf } = await loadInspector();
  const messages: InspectMessage[] = [];
  let begun: number | undefined;
  let seenMs = 0;
  for await (const message of lookAt(process.file, { signal })) {
    messages.push(message);
    if (message.type !== 'sample') continue;
    begun ??= message.t;
    seenMs = message.t - begun;
    if (seenMs >= forMs) break;
  }
  const trace = traceOf(messages);
  await writeFile(to, JSON.stringify(trace)).catch((error: unknown) => {
    throw notWritten(to, error);
  });
  return {
    ok: true,
    result: { pid: process.file.pid, file: to, seenMs, events: trace.traceEvents.length },
    text: `${to}: ${trace.traceEvents.length} events of ${(seenMs / 1_000).toFixed(1)} s; open it in ui.perfetto.dev\n`,
  };
}

/** Runs a program that shows each of its graphs; it ends as the program does. */
async function started(
  [program = '', ...more]: readonly string[],
  allowed: readonly string[],
  { env, json, signal }: Pick<Call, 'env' | 'json' | 'signal'>,
): Promise<Outcome> {
  const asked = ['1', ...allowed].join(',');
  // Who reads JSON reads nothing else: what the program prints goes where talk does.
  const stdio = ['inherit', json ? 2 : 'inherit', 'inherit'] as const;
  const child = spawn(program, more, { stdio: [...stdio], env: { ...env, SLUICE_INSPECT: asked }, ...ownGroup });
  endsWithUs(child, signal, 'group');
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
