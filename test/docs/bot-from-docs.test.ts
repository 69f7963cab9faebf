import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

// Nothing here knows how a bot is built. What an installed package says of itself, and what `sluice docs` prints, is followed.
const project = mkdtempSync(join(tmpdir(), 'sluice-from-docs-'));
symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(project, 'node_modules'));
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(project, { recursive: true, force: true });
});

const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:npm_|vitest|node_|force_color$|test$)/i.test(name)),
);
const options = { cwd: project, env };
const installed = (...path: string[]) => readFileSync(join(project, 'node_modules/@sluice', ...path), 'utf8');
/** `npx sluice docs`, without npx, which looks for what is installed by the same path. */
async function docs(...words: string[]): Promise<string> {
  const program = join(project, 'node_modules/.bin/sluice');
  return (await promisify(execFile)(process.execPath, [program, 'docs', ...words], options)).stdout;
}

/** Blocks of a section in their order: commands, and files by the last name that stands before them. */
function stepsOf(page: string, section: string) {
  const [, text = ''] = page.split(`## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  return [...own.matchAll(/^```(sh|js)\n([\s\S]*?)^```$/gm)].map(({ index, 1: kind, 2: code }) => ({
    kind,
    code: code!,
    file: own
      .slice(0, index)
      .match(/(?<=`)[\w.-]+\.mjs(?=`)/g)
      ?.at(-1),
  }));
}

/** Runs `node <file>` until a line of it has what is waited for. */
async function lineOf(args: readonly string[], told: RegExp): Promise<string> {
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) if (told.test(line)) return line;
  throw new Error(`node ${args.join(' ')} ended without saying ${told}`);
}

it('a bot is built of what `sluice docs` says, and heard', { timeout: 60_000 }, async () => {
  expect(installed('core', 'llms.txt')).toContain('`npx sluice docs`');
  const [, topic = ''] = /^\s*(\S+)\s+.*coding agent/m.exec(await docs()) ?? [];
  const page = await docs(topic);
  expect(page).toContain(installed('core', 'AGENTS.md').trim());

  const steps = stepsOf(page, 'A bot from nothing');
  for (const { file, kind, code } of steps) if (kind === 'js') writeFileSync(join(project, file!), code);
  const commands = steps.filter(({ kind }) => kind === 'sh').flatMap(({ code }) => code.trim().split('\n'));
  const [begin, install, bot, hear] = commands;
  expect([begin, install?.slice(0, 12)]).toEqual(['npm init -y', 'npm install ']);
  const used = steps.flatMap(({ code }) => [...code.matchAll(/from '(@sluice\/\w+)/g)].map(([, name]) => name));
  expect(used.filter((name) => !install!.split(' ').includes(name!))).toEqual([]);

  const [, address = ''] = /(http\S+)$/.exec(await lineOf(bot!.split(' ').slice(1), /http/)) ?? [];
  const line = await lineOf(hear!.replace('<address>', address).split(' ').slice(1), /./);
  expect(page).toContain(`\`${line}\``);
});
