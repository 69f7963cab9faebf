import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { installProject } from '../../packages/create-sluice/test/install-project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the page says is given, and what it says comes of it, in its order. */
function stepsOf(page: string) {
  const blocks = [...page.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
    kind,
    text: text!,
  }));
  return blocks.flatMap(({ kind, text }, at) => {
    if (kind !== 'sh') return [];
    const after = blocks[at + 1];
    const told = after?.kind === 'text' ? after.text.trimEnd().split('\n') : [];
    return text
      .trimEnd()
      .split('\n')
      .map((command) => ({ command, told }));
  });
}

const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:npm_|vitest|node_|force_color$|test$)/i.test(name)),
  ),
  // Where a program says that it can be looked at.
  TMPDIR: folder,
};
/** Gives a line to the shell, and tells what it said; a program that stays is ended once it has told these lines. */
async function give(command: string, cwd: string, expected: readonly string[]): Promise<string> {
  if (!command.endsWith('npm start'))
    return (await promisify(execFile)('sh', ['-c', command], { cwd, env: environment })).stdout;
  const child = spawn('sh', ['-c', command], { cwd, env: environment, stdio: 'pipe', detached: true });
  let told = '';
  try {
    await new Promise<void>((done) => {
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data) => {
          told += data;
          // Also a warning with a code: what it would have told does not come then.
          if (expected.every((line) => told.includes(line)) || /SLUICE_\w+/.test(told)) done();
        });
      child.once('close', () => done());
    });
    return told;
  } finally {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
  }
}

it('the steps of "start in five minutes" do what the page says', { timeout: 300_000 }, async () => {
  const steps = stepsOf(readFileSync(join(root, 'docs/start.md'), 'utf8'));
  expect(steps.map(({ command }) => command)).toEqual([
    'npm create sluice@latest my-bot -- --template talkback',
    'cd my-bot',
    'npm install',
    'npm test',
    'npm start',
    'SLUICE_INSPECT=1 npm start',
  ]);
  let cwd = folder;
  for (const { command, told } of steps) {
    if (command.startsWith('cd ')) cwd = join(cwd, command.slice('cd '.length));
    // Packages of this repository, as they are built, and of them what the project asks for: the registry has none of this moment.
    else if (command === 'npm install') await installProject(cwd, join(folder, 'store'));
    else {
      const ours = `${process.execPath} ${join(root, 'packages/create-sluice/dist/cli.js')} `;
      const given = command.replace('npm create sluice@latest ', ours).replace(' -- --', ' --');
      const expected = told.map((line) => line.trim());
      const out = await give(given, cwd, expected);
      for (const line of expected) expect(out, command).toContain(line);
    }
  }
});
