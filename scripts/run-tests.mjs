// Runs all tests and closes with one plain line that counts them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'sluice-tests-'));
const file = join(folder, 'results.json');
const args = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
const { status } = spawnSync('npx', [...args, ...process.argv.slice(2)], { stdio: 'inherit' });

let failed = status === 0 ? 0 : 1;
let line = '0 passed, 1 failed';
try {
  const results = JSON.parse(readFileSync(file, 'utf8'));
  failed = Math.max(failed, results.numFailedTests);
  line = `${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests} skipped`;
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(`\n${line}\n`);
process.exitCode = failed === 0 ? 0 : 1;
