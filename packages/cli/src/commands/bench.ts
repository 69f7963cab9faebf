import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { noFile, wrongUsage } from '../errors.ts';
import { endsWithUs, ownGroup } from '../processes/ends-with-us.ts';
import { findFiles } from '../programs/find-files.ts';
import { type Call, defineCommand, type Outcome } from '../terms/command.ts';

const flags = {
  quick: { type: 'boolean', about: 'in the repository of sluice: rougher figures in less time' },
} as const;

/** What a bench said, and how it ended. */
interface Ran {
  readonly code: number;
  readonly lines: readonly string[];
}

export const bench = defineCommand({
  name: 'bench',
  summary: 'Runs benches: those of the repository of sluice beside their peers, or the files *.bench.ts of a project',
  usage: '[name or file]...',
  words: { least: 0, most: Number.POSITIVE_INFINITY },
  examples: ['sluice bench hop --quick', 'sluice bench', 'sluice bench src/gain.bench.ts --json'],
  flags,
  endsInOrder: true,
  async run(call) {
    const repository = repositoryAbove(process.cwd());
    return repository === undefined ? ofProject(call) : ofRepository(repository, call);
  },
});

async function ofRepository(root: string, call: Call<typeof flags>): Promise<Outcome> {
  const args = [...call.words, ...(call.values.quick ? ['--quick'] : []), ...(call.json ? ['--json'] : [])];
  const { code, lines } = await ran('npm', ['run', '--silent', 'bench', '--', ...args], root, call);
  const figures = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as object);
  const problems = code === 0 ? [] : [{ message: `npm run bench ended with ${code}` }];
  return { ok: code === 0, result: figures, text: '', problems, next: 'sluice docs benchmarks' };
}

async function ofProject(call: Call<typeof flags>): Promise<Outcome> {
  if (call.values.quick) throw wrongUsage('--quick is for the repository of sluice', 'sluice bench --help');
  const files = call.words.length > 0 ? call.words : await findFiles('.', /\.bench\.[mc]?[jt]s$/);
  for (const file of files) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) throw noFile(file, found?.isDirectory() ? 'folder' : undefined);
  }
  if (files.length === 0) throw wrongUsage('there is no *.bench.ts here', 'sluice bench --help');
  const loader = fileURLToPath(new URL('../../dist/programs/load-module.js', import.meta.url));
  const result: ({ readonly file: string } & Ran)[] = [];
  for (const file of files) {
    if (call.signal.aborted) break;
    call.say(file);
    // In a process of its own: what one leaves behind is not in another's figures.
    const program = `const { loadFile } = await import(${JSON.stringify(loader)});
await loadFile(${JSON.stringify(resolve(file))}).catch(({ cause, message }) => {
  console.error(cause?.stack ?? message);
  process.exit(1);
});`;
    result.push({ file, ...(await ran(process.execPath, ['--input-type=module', '-e', program], '.', call)) });
  }
  const problems = result
    .filter(({ code }) => code !== 0)
    .map(({ file, code }) => ({ message: `${file} ended with ${code}` }));
  return { ok: problems.length === 0, result, text: '', problems };
}

/** Runs a program to its end; its lines are told as they come. */
async function ran(program: string, args: readonly string[], cwd: string, { signal, tell }: Call): Promise<Ran> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], ...ownGroup });
  endsWithUs(child, signal, 'group');
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    tell(line);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, lines };
}

/** The folder of the repository of sluice, if this is one of its folders. */
function repositoryAbove(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (existsSync(join(at, 'bench/src')) && existsSync(manifest))
      if (JSON.parse(readFileSync(manifest, 'utf8')).name === 'sluice') return at;
    if (at === dirname(at)) return undefined;
  }
}
