// Coverage-guided fuzzing of everything that reads bytes of strangers:
// node scripts/run-fuzz.mjs [--target name]... [--runs 1000000] [--seed n] [--minutes n] [--input base64].
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    /** Executions a target. */
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    /** The most that a target takes. */
    minutes: { type: 'string', default: '10' },
    /** Runs this one input of one target alone, in base64, and says what becomes of it. */
    input: { type: 'string' },
  },
});
const runs = Number(values.runs);
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? Math.floor(Math.random() * 0x3fff_ffff) : Number(values.seed);
if (!Number.isInteger(runs) || runs < 1 || !(minutes > 0) || !Number.isInteger(seed))
  throw new RangeError('--runs takes a whole number above 0, --minutes a number above 0, --seed an integer');

/** Each target in a process of its own: the blocks of the others are not read, and a hang ends that one alone. */
async function ask(args) {
  const program = ['scripts/run-ts.mjs', 'test/fuzz/fuzz-cli.ts', ...args];
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line));
  await exited;
  return lines.at(-1);
}

/** The finding of a process that did not come to its report. */
function endOf(report) {
  if (report === undefined) return { kind: 'death', detail: 'its process ended and told nothing', input: '' };
  if (report.hang !== undefined) return { kind: 'hang', detail: 'an input that does not end', input: report.hang };
  return undefined;
}

const known = await ask([]);
const chosen = values.target ?? known;
const stranger = chosen.find((name) => !known.includes(name));
if (stranger !== undefined) throw new RangeError(`there is no target ${stranger}: ${known.join(', ')}`);
if (values.input !== undefined) {
  if (chosen.length !== 1) throw new RangeError('--input is of one target: name it with --target');
  const report = await ask(['--target', chosen[0], '--input', values.input]);
  const { kind, detail } = endOf(report) ?? report;
  console.log(`${kind}: ${detail}`);
  process.exit(kind === 'none' ? 0 : 1);
}

console.log(`${runs} executions a target from seed ${seed}, at most ${minutes} minutes each\n`);
console.log(
  '| target | executions | a second | blocks | corpus | findings |\n| --- | ---: | ---: | ---: | ---: | ---: |',
);
const found = [];
const unfinished = [];
for (const target of chosen) {
  const report = await ask(['--target', target, '--runs', `${runs}`, '--seed', `${seed}`, '--minutes', `${minutes}`]);
  const end = endOf(report);
  const findings = end === undefined ? report.findings : [end];
  const { runs: done = 0, seconds = 0, blocks = 0, corpus = 0 } = report ?? {};
  const speed = seconds > 0 ? Math.round(done / seconds) : 0;
  console.log(`| ${target} | ${done} | ${speed} | ${blocks} | ${corpus} | ${findings.length} |`);
  if (report?.hang === undefined && done < runs && findings.length === 0) unfinished.push({ target, done });
  found.push(...findings.map((finding) => ({ target, ...finding })));
}
for (const { target, kind, detail, name = '', input } of found)
  console.log(`\n${target}: ${kind}: ${detail}\n  ${name}\n  npm run fuzz -- --target ${target} --input ${input}`);
for (const { target, done } of unfinished)
  console.log(
    `\n${target}: stopped by --minutes ${minutes} after ${done} of ${runs} executions, without a finding so far`,
  );
process.exitCode = found.length === 0 ? 0 : 1;
