import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { replayCommand } from '@sluice/core/session';
import { noFile, wrongUsage } from '../errors.ts';
import { loadInspector } from '../processes/running-process.ts';
import { readTypeScript } from '../programs/load-module.ts';
import { EXPECTATIONS, type Expectation, expectationOf } from '../replaying/expectation.ts';
import { type Replayed, ReplayTally } from '../replaying/replayed.ts';
import { openInBrowser } from '../serving/open-in-browser.ts';
import { type Call, defineCommand, type Outcome, type Problem } from '../terms/command.ts';
import { type ExitCode, exitCodes } from '../terms/exit-codes.ts';
import { portOf } from '../terms/port.ts';
import { unlessEnded } from '../terms/unless-ended.ts';

const flags = {
  program: { type: 'string', value: '<path>', about: 'the program; default: what the session names' },
  assert: {
    type: 'string',
    value: '<what>',
    multiple: true,
    about: `what decides in place of the bytes: ${EXPECTATIONS}`,
  },
  page: {
    type: 'boolean',
    about: 'shows what was recorded in the page of the inspector, until Ctrl-C; replays nothing',
  },
  port: { type: 'string', value: '<number>', about: 'with --page: where it listens; default: any free port' },
  open: { type: 'boolean', about: 'with --page: opens it in a browser' },
} as const;

/** What a replay says of itself in JSON, as far as it is read here. */
interface Report {
  readonly differences: readonly { readonly code: string; readonly message: string }[];
}

export const replay = defineCommand({
  name: 'replay',
  summary:
    'Runs a recorded session again and compares what comes out, to the byte or with what is expected; or shows it',
  usage: '<file.sluice>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice replay call.sluice',
    "sluice replay call.sluice --assert gaps=0 --assert 'duration>=2s'",
    'sluice replay call.sluice --page --open',
  ],
  flags,
  endsInOrder: true,
  async run(call) {
    if (call.values.page) return shown(call);
    const alone = (['port', 'open'] as const).find((name) => call.values[name]);
    if (alone !== undefined) throw wrongUsage(`--${alone} goes with --page`, 'sluice replay --help');
    await checkReadable(call.words[0]);
    const expected = call.values.assert.map((text) => ({ text, check: expectationOf(text) }));
    const tally = new ReplayTally();
    const { code, out, err } = await unlessEnded(replayed(call, tally, call.json || expected.length > 0), call.signal);
    const isDone = code === exitCodes.ok || code === exitCodes.failed;
    if (isDone && expected.length > 0) return judged(JSON.parse(out) as Report, tally.replayed(), expected, call);
    return {
      ok: code === exitCodes.ok,
      result: call.json && out !== '' ? JSON.parse(out) : null,
      text: out,
      problems: problemsOf(err),
      // It has no other than 0, 1 and 2, with the meaning they have here.
      exitCode: code as ExitCode,
    };
  },
});

/** Shows what was recorded, to whoever has the address, until it is told to end. */
async function shown({ words: [file = ''], values, env, signal, begun, say }: Call<typeof flags>): Promise<Outcome> {
  const { program, assert, port = '0', open } = values;
  if (program !== undefined || assert.length > 0)
    throw wrongUsage('--page replays nothing: it goes without --program and --assert', 'sluice replay --help');
  const at = portOf('replay', port);
  await checkReadable(file);
  const { showSession } = await loadInspector();
  await using session = await showSession(file, { port: at });
  const { url } = session;
  const outcome = { ok: true, result: { file, url }, text: `${url}\n` };
  const over = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  begun(outcome);
  if (open && !(await openInBrowser(url, env))) say('no browser could be opened');
  if (!signal.aborted) await over;
  return outcome;
}

async function checkReadable(file = ''): Promise<void> {
  await access(file).catch((error: unknown) => {
    throw noFile(file, error);
  });
}

async function replayed({ words, values: { program }, during }: Call<typeof flags>, tally: ReplayTally, json: boolean) {
  try {
    readTypeScript(resolve(program ?? 'program.js'));
  } catch (error) {
    // Only a program that is TypeScript needs it.
    if (program !== undefined && /\.[mc]?ts$/.test(program)) throw error;
  }
  const args = [...words, ...(program === undefined ? [] : ['--program', program]), ...(json ? ['--json'] : [])];
  let out = '';
  let err = '';
  let replayedMs = 0;
  const replaying = replayCommand(args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    onProgress: (mediaMs) => {
      replayedMs = mediaMs;
    },
    onCrossing: tally.add,
  });
  const code = await during(replaying, () => `replayed ${(replayedMs / 1_000).toFixed(1)} s of ${words[0]}`);
  return { code, out, err };
}

function problemsOf(err: string): readonly Problem[] {
  const [, code, message] = /^(?:(SLUICE_\w+): )?(.*)$/s.exec(err.trim()) ?? [];
  return err === '' ? [] : [{ ...(code && { code }), message: message ?? err }];
}

/** What was expected decides. Where the graph did something else the rest was not replayed, and nothing is known of it. */
function judged(
  report: Report,
  found: Replayed,
  expected: readonly { readonly text: string; readonly check: Expectation }[],
  { paint }: Call<typeof flags>,
): Outcome {
  const judged = expected.map(({ text, check }) => ({ text, fault: check(found, report.differences.length) }));
  const unmet = judged.flatMap(({ fault }) => (fault === undefined ? [] : [{ message: fault }]));
  const brokenOff = report.differences.filter(({ code }) => code === 'SLUICE_SESSION_ORDER');
  const problems = [...unmet, ...brokenOff.map(({ code, message }) => ({ code, message }))];
  const mark = (isMet: boolean) => (isMet ? paint('green', '✓') : paint('red', '✗'));
  const expectations = judged.map(({ text, fault }) => ({ text, met: fault === undefined }));
  return {
    ok: problems.length === 0,
    result: { ...report, ...found, expectations },
    text: expectations.map(({ text, met }) => `${mark(met)} ${text}\n`).join(''),
    problems,
  };
}
