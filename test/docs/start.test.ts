import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it, vi } from 'vitest';
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
/** Gives a line to the shell, and tells what it said. */
async function give(command: string, cwd: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-c', command], { cwd, env: environment })).stdout;
}

/** What somebody does who develops: starts, sees these lines, changes a file, sees them again, ends it with Ctrl-C. */
async function develop(cwd: string, expected: readonly string[], change: () => Promise<void>): Promise<void> {
  const child = spawn('sh', ['-c', 'npm run dev'], { cwd, env: environment, stdio: 'pipe', detached: true });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (told += data));
  // Also a warning with a code: what it would have told does not come then.
  const tells = (lines: readonly string[]) =>
    vi.waitFor(
      () => {
        expect(/SLUICE_\w+/.exec(told)?.[0], told).toBeUndefined();
        for (const line of lines) expect(told).toContain(line);
      },
      { timeout: 240_000, interval: 100 },
    );
  try {
    await tells(expected);
    told = '';
    await change();
    // The room stays.
    await tells(expected.filter((line) => !line.startsWith('room ')));
    process.kill(-child.pid!, 'SIGINT');
    await ended;
  } finally {
    // One that Ctrl-C ended has a signal and no code.
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
  }
}

/** Changes a file as a block of `diff` in the page says. */
async function edit(file: string, page: string): Promise<void> {
  const [, lines = ''] = /^```diff\n([\s\S]*?)^```$/m.exec(page)!;
  let text = await readFile(file, 'utf8');
  for (const [, before = '', after = ''] of lines.matchAll(/^-(.*)\n\+(.*)\n/gm)) {
    expect(text).toContain(`${before}\n`);
    text = text.replace(before, after);
  }
  await writeFile(file, text);
}

it('the steps of "start in five minutes" do what the page says', { timeout: 600_000 }, async () => {
  const page = readFileSync(join(root, 'docs/start.md'), 'utf8');
  const steps = stepsOf(page);
  expect(steps.map(({ command }) => command)).toEqual([
    'npm create sluice@latest my-bot -- --template talkback',
    'cd my-bot',
    'npm install',
    'npm run dev',
    'npm run demo',
    'npm test',
  ]);
  let cwd = folder;
  for (const { command, told } of steps) {
    const expected = told.map((line) => line.trim());
    if (command.startsWith('cd ')) cwd = join(cwd, command.slice('cd '.length));
    // Packages of this repository, as they are built, and of them what the project asks for: the registry has none of this moment.
    else if (command === 'npm install') await installProject(cwd, join(folder, 'store'));
    else if (command === 'npm run dev') await develop(cwd, expected, () => edit(join(cwd, 'src/talkback.ts'), page));
    else {
      const ours = `${process.execPath} ${join(root, 'packages/create-sluice/dist/cli.js')} `;
      const given = command.replace('npm create sluice@latest ', ours).replace(' -- --', ' --');
      const out = await give(given, cwd);
      for (const line of expected) expect(out, command).toContain(line);
    }
    if (command === 'npm run demo') expect(readFileSync(join(cwd, 'out.png')).subarray(1, 4).toString()).toBe('PNG');
  }
});
