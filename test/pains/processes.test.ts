import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

interface Outcome {
  /** Null for a program that had to be killed. */
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs a program of the built packages to its end, or kills it after so many milliseconds. */
function run(args: readonly string[], limitMs = 30_000): Promise<Outcome> {
  const options = { cwd: path('.'), timeout: limitMs, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, lines: stdout.trim().split('\n'), stderr }),
    );
  });
}

const program = (text: string, ...args: readonly string[]) => run([...args, '--input-type=module', '-e', text]);

describe('processes', () => {
  it('agents-js#2318: sound stops for good once the engine’s objects are collected', async () => {
    const { lines, status, stderr } = await run(['--expose-gc', path('peers/collected-call.mjs')]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    // 50 frames in half a second; a busy machine may hear them a little later.
    const counts = lines.map(Number);
    expect(counts).toHaveLength(6);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(240);
    expect(counts.at(-1)).toBeGreaterThan(25);
  });

  it('pipecat#3750: a megabyte of native memory leaks every minute', async () => {
    const { lines, stderr } = await run(['--expose-gc', path('peers/flowing-sound.mjs')]);
    expect(stderr).toBe('');
    const [early, late] = lines.map(
      (line) => JSON.parse(line) as { heardMs: number; native: number; external: number },
    );
    expect(late!.heardMs - early!.heardMs).toBeGreaterThan(959_000);
    // Sixteen minutes later.
    expect(late!.external - early!.external).toBeLessThan(1);
    expect(late!.native - early!.native).toBeLessThan(6);
  });

  it('livekit/node-sdks#603: importing the package leaks memory and keeps the process alive', async () => {
    const { lines, status, stderr } = await program(
      `for (const name of ['core', 'core/voice', 'nodes', 'transport', 'recorder']) await import('@sluice/' + name);
      const used = () => { gc(); return process.memoryUsage().rss / 2 ** 20; };
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      await wait(500);
      const before = used();
      await wait(1500);
      console.log(used() - before);
      console.log(process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe|MessagePort/.test(name)).join());`,
      '--expose-gc',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(Number(lines[0])).toBeLessThan(20);
    expect(lines[1] ?? '').toBe('');
  });

  it('agents-js#1900: without its bindings nobody knows what is wrong', async () => {
    const { lines, status } = await program(
      `import { CallClient, Daily } from '@sluice/transport';
      try {
        Daily.init({ mediaHost: 'in-process' });
        await new CallClient().join('http://127.0.0.1:9/room');
      } catch (error) {
        console.log(error.code);
        console.log(String(error.message).replaceAll('\\n', ' '));
      }
      process.exit(0);`,
      '--import',
      path('peers/no-bindings.mjs'),
    );
    expect(status).toBe(0);
    expect(lines[0]).toBe('SLUICE_HOST_UNAVAILABLE');
    expect(lines[1]).toMatch(/@roamhq\/wrtc could not be loaded/);
    expect(lines[1]).toMatch(/npm (ci|install)/);
  });
});
