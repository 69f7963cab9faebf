import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

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

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|vitest|node_|force_color$|test$)/i.test(name)),
);
/** Gives a command; for one that stays, until it has told its line. */
async function give(command: string, cwd: string): Promise<string> {
  const [program = '', ...args] = command.split(' ');
  if (command !== 'npm start') return (await promisify(execFile)(program, args, { cwd, env: environment })).stdout;
  const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  try {
    for await (const line of createInterface({ input: child.stdout })) if (line.includes(' is in ')) return line;
    throw new Error(`${command} ended without a line`);
  } finally {
    process.kill(-child.pid!, 'SIGKILL');
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
  ]);
  let cwd = folder;
  for (const { command, told } of steps) {
    if (command.startsWith('cd ')) cwd = join(cwd, command.slice('cd '.length));
    // Packages of this repository, as they are built: the registry has none of this moment.
    else if (command === 'npm install') symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'));
    else {
      const ours = `${process.execPath} ${join(root, 'packages/create-sluice/dist/cli.js')} `;
      const out = await give(command.replace('npm create sluice@latest ', ours).replace(' -- --', ' --'), cwd);
      for (const line of told) expect(out, command).toContain(line.trim());
    }
  }
});
