// Runs the suite, prints a report, and writes it as JUnit and as JSON. --hasty: an agent that is broken on purpose.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runScenarioProgram, type ScenarioResult } from '@sluice/scenario';

const options = { hasty: { type: 'boolean' }, real: { type: 'boolean' }, grep: { type: 'string' } } as const;
const { values } = parseArgs({ options, allowPositionals: true });
if (values.hasty) process.env.INTERVIEWER = 'hasty';
mkdirSync(resolve('out'), { recursive: true });
const args = [fileURLToPath(new URL('.', import.meta.url)), '--json', '--junit', resolve('out/interview.xml')];
args.push('--out', resolve('out/interview'), ...(values.real ? ['--real'] : []), '--grep', values.grep ?? '');

const printed: string[] = [];
process.exitCode = await runScenarioProgram({ args, print: (line) => printed.push(line) });
const json = printed.join('\n');
writeFileSync(resolve('out/interview.json'), json);

type Row = Omit<ScenarioResult, 'error'> & { readonly error?: string };
const rows: readonly Row[] = process.exitCode === 2 ? [] : JSON.parse(json);
const print = (line: string) => void process.stdout.write(`${line}\n`);
print(`${'scenario'.padEnd(40)} ${'turns'.padStart(6)} ${'reply p95'.padStart(10)} ${'talk'.padStart(8)}`);
for (const { name, passed, metrics, scenarioMs, error } of rows) {
  const reply = `${Math.round(metrics?.voiceToVoiceMs.p95 ?? Number.NaN)} ms`;
  const talk = `${(scenarioMs / 1_000).toFixed(1)} s`;
  print(
    `${(passed ? name : `FAILED ${name}`).padEnd(40)} ${String(metrics?.turns ?? '-').padStart(6)} ${reply.padStart(10)} ${talk.padStart(8)}`,
  );
  if (error !== undefined) print(`  ${error.split('\n')[0]}`);
}
if (process.exitCode === 2) print(json);
print('the report: out/interview.xml, out/interview.json; sound, log and timeline of what failed: out/interview/');
