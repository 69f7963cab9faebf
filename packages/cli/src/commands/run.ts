import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Graph } from '@sluice/core';
import { recordSession, unrecordedEnv } from '@sluice/core/session';
import { wrongUsage } from '../errors.ts';
import { endsWithUs, ownGroup } from '../processes/ends-with-us.ts';
import { lossesOf } from '../programs/losses.ts';
import { graphOf, type Program, programOf } from '../programs/program-of.ts';
import { defineCommand, type Outcome, type Values } from '../terms/command.ts';
import { durationMs } from '../terms/duration.ts';
import { exitCodeOfGraph } from '../terms/exit-codes.ts';
import { unlessEnded } from '../terms/unless-ended.ts';

const flags = {
  for: { type: 'string', value: '<time>', about: 'stops after 30s, 500ms, 2m: what is under way is finished' },
  record: {
    type: 'string',
    value: '<file.sluice>',
    about: 'records what comes in, for sluice replay and to be looked at',
  },
  sound: { type: 'boolean', about: 'with --record: samples and pixels are in the file' },
  words: { type: 'boolean', about: 'with --record: what was said is in the file' },
  'fail-on-drops': {
    type: 'boolean',
    about: 'ends with 1 where a link dropped a frame or an end counted a gap',
  },
  watch: { type: 'boolean', about: 'starts again when a file of the program changes' },
  inspect: { type: 'boolean', about: 'shows the graph while it runs, at an address that is told' },
} as const;

export const run = defineCommand({
  name: 'run',
  summary: 'Runs the graph of a file: its default export, a graph or (env) => graph',
  usage: '<file>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice run main.ts --for 30s',
    'sluice run main.ts --record call.sluice --sound --words',
    'sluice run main.ts --for 10s --fail-on-drops --json',
  ],
  flags,
  endsInOrder: true,
  async run({ words: [file = ''], values, signal, say, json }) {
    const forMs = durationMs('for', values.for);
    if (values.watch) return watched(file, values, json, signal);
    // Core looks there when a graph starts.
    if (values.inspect) process.env.SLUICE_INSPECT ??= '1';
    const program = await unlessEnded(programOf(file), signal);
    // What is recorded runs from then on, and is stopped in order also where this is told to end meanwhile.
    const session = values.record === undefined ? undefined : await recorded(file, values.record, program, values);
    const graph = session?.graph ?? (await unlessEnded(graphOf(file, program, unrecordedEnv()), signal));
    // Past the session a replay would not know of it.
    const stop = () => void (session === undefined ? graph.stop() : session.close()).catch(() => {});
    signal.addEventListener('abort', stop, { once: true });
    let timer: NodeJS.Timeout | undefined;
    try {
      if (session === undefined) await graph.start();
      // Not before: a graph that is stopped while it starts is aborted.
      say(`${graph.name} runs; Ctrl-C ends it`);
      if (signal.aborted) stop();
      if (forMs !== undefined) timer = setTimeout(stop, forMs);
      await graph.finished;
      const outcome = ended(graph, values['fail-on-drops']);
      return { ...outcome, ...(values.record === undefined ? {} : { next: `sluice replay ${values.record}` }) };
    } catch (error) {
      return { ...ended(graph, values['fail-on-drops'], error), exitCode: exitCodeOfGraph(error) };
    } finally {
      clearTimeout(timer);
      await session?.close();
    }
  },
});

async function recorded(file: string, into: string, program: Program, { sound, words }: Values<typeof flags>) {
  if ('graph' in program)
    throw wrongUsage(
      `${file} gives a graph that is made already; --record needs (env) => graph`,
      'sluice docs sessions',
    );
  const session = await recordSession({
    file: into,
    program: program.program,
    module: pathToFileURL(resolve(file)).href,
    sound,
    text: words,
  });
  // Where it is installed the file can be looked at as well.
  const inspector = await import('@sluice/inspector').catch(() => undefined);
  const leave = inspector?.recordInspection(session.graph, (message) => session.inspect(message), { words });
  const over = () => leave?.();
  session.graph.finished.then(over, over);
  return session;
}

/** How a graph ended; what it lost is a fault only where nothing may be lost. */
function ended(graph: Graph, failsOnDrops: boolean, error?: unknown): Outcome {
  const snapshot = graph.inspect();
  const { name, status, uptimeMs, nodes } = snapshot;
  const { droppedFrames: dropped, gaps, problems } = lossesOf(snapshot);
  const seconds = Math.round(uptimeMs) / 1_000;
  const lost = failsOnDrops ? problems : [];
  const { code, message } = (error ?? {}) as { readonly code?: string; readonly message?: string };
  const fault = error === undefined ? [] : [{ ...(code === undefined ? {} : { code }), message: `${message}` }];
  return {
    ok: error === undefined && lost.length === 0,
    result: {
      graph: name,
      status,
      seconds,
      dropped,
      gaps,
      nodes: nodes.map(({ id, framesIn, framesOut, errors }) => ({ id, framesIn, framesOut, errors })),
    },
    text: error === undefined ? `${name}: ${seconds} s, ${nodes.length} nodes, ${dropped} frames dropped\n` : '',
    problems: [...fault, ...lost],
    ...(code?.startsWith('SLUICE_') ? { next: `sluice explain ${code}` } : {}),
  };
}

/** Node watches what the program imports, and starts this command again without `--watch`. */
async function watched(
  file: string,
  { for: time, record, sound, words, inspect, 'fail-on-drops': strict }: Values<typeof flags>,
  json: boolean,
  signal: AbortSignal,
) {
  const binary = fileURLToPath(new URL('../../bin/sluice.js', import.meta.url));
  const more = [
    ...(time === undefined ? [] : ['--for', time]),
    ...(record === undefined ? [] : ['--record', record]),
    ...(sound ? ['--sound'] : []),
    ...(words ? ['--words'] : []),
    ...(inspect ? ['--inspect'] : []),
    ...(strict ? ['--fail-on-drops'] : []),
  ];
  const child = spawn(process.execPath, ['--watch', binary, 'run', file, ...more], {
    // What each start tells is not the one object that this gives at its end.
    stdio: ['inherit', json ? 2 : 'inherit', 'inherit'],
    ...ownGroup,
  });
  // It hands on what it is sent.
  endsWithUs(child, signal);
  const code = await new Promise<number>((done) => child.on('exit', (code) => done(code ?? 0)));
  return { ok: code === 0, result: { watched: file }, text: '' };
}
