import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { categoryOf } from '@sluice/core/voice';
import { describe, expect, it, vi } from 'vitest';
import { childPath } from './child-path.ts';
import { ChildPool } from './child-pool.ts';
import { FliteProcess } from './flite-process.ts';

const request = { voice: 'kal16', stretch: 1, tokens: ['Good', 'morning.'] };
const endless = { ...request, tokens: Array.from({ length: 40 }, (_, index) => 'x'.repeat(100 - index)) };
const never = new AbortController().signal;
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A pool that counts its processes. */
function counted(options: { children?: number; idleMs?: number } = {}) {
  const started: FliteProcess[] = [];
  const pool = new ChildPool({ children: 2, idleMs: 60_000, ...options }, () => {
    const child = new FliteProcess();
    started.push(child);
    return child;
  });
  return { pool, started, release: pool.hold() };
}

describe('processes that speak', () => {
  it('serve many sentences, one process as long as one is enough', async () => {
    const { pool, started, release } = counted();
    for (let index = 0; index < 20; index++)
      expect((await pool.speak(request, never)).samples.length).toBeGreaterThan(8_000);
    expect(started).toHaveLength(1);
    await release();
    expect(started.map(({ gone }) => gone)).toEqual([true]);
  });

  it('are at most as many as allowed', async () => {
    const { pool, started, release } = counted({ children: 2 });
    const all = await Promise.all(Array.from({ length: 12 }, () => pool.speak(request, new AbortController().signal)));
    expect(all).toHaveLength(12);
    expect(started.length).toBeLessThanOrEqual(2);
    await release();
  });

  it('die alone: their request may be tried again, and the next is served', async () => {
    const { pool, started, release } = counted({ children: 1 });
    await pool.warm();
    const lost = pool.speak(endless, never).catch((error: unknown) => error);
    const next = pool.speak(request, never);
    process.kill(started[0]!.pid!, 'SIGKILL');
    expect(categoryOf(await lost)).toBe('retry');
    expect((await next).samples.length).toBeGreaterThan(8_000);
    await release();
  });

  it('that die again and again are given up', async () => {
    const { pool, started, release } = counted({ children: 1 });
    const categories: string[] = [];
    for (let index = 0; index < 4; index++) {
      await pool.warm();
      const lost = pool.speak(endless, never).catch((error: unknown) => error);
      process.kill(started.at(-1)!.pid!, 'SIGKILL');
      categories.push(categoryOf(await lost));
    }
    expect(categories).toEqual(['retry', 'retry', 'fall-back', 'fall-back']);
    await release();
  });

  it('that die while nobody asks are replaced unseen', async () => {
    const { pool, started, release } = counted();
    await pool.warm();
    process.kill(started[0]!.pid!, 'SIGKILL');
    await started[0]!.ended;
    expect((await pool.speak(request, never)).samples.length).toBeGreaterThan(8_000);
    await release();
  });

  it('leave at once what nobody wants any more', async () => {
    const { pool, release } = counted({ children: 1 });
    const abort = new AbortController();
    const [running, waiting] = [pool.speak(request, abort.signal), pool.speak(request, abort.signal)];
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    await expect(pool.speak(request, abort.signal)).rejects.toThrow('enough');
    expect((await pool.speak(request, never)).samples.length).toBeGreaterThan(8_000);
    await release();
  });

  it('end when they are idle, but for one that is held', async () => {
    const { pool, started, release } = counted({ idleMs: 50 });
    await Promise.all([
      pool.speak(request, never),
      pool.speak(endless, never).catch(() => {}),
      pool.speak(request, never),
    ]);
    expect(started).toHaveLength(2);
    await vi.waitFor(() => expect(pool.pids).toHaveLength(1), 5_000);
    await release();
    expect(started.filter(({ gone }) => !gone)).toEqual([]);
  });

  it('that cannot be started are a fault that says so', async () => {
    const pool = new ChildPool({ children: 1, idleMs: 1 }, () => new FliteProcess('/nowhere/child.js'));
    const fault = await pool.warm().catch((error: unknown) => error);
    expect(String(fault)).toMatch(/its process ended \(status 1\)/);
    expect(() => childPath('file:///elsewhere/bundle.js')).toThrow(/leave @sluice\/plugin-flite external/);
  });
});

describe('a program that speaks', () => {
  const program = `
    const { flite } = await import(${JSON.stringify(pathToFileURL(childPath().replace(/child\/flite-child\.js$/, 'index.js')).href)});
    const session = await flite().open();
    session.write({ id: 'a', epoch: 0, text: 'Good morning.' });
    for await (const event of session) if (event.type === 'finished') break;`;
  const run = promisify(execFile);

  it('ends by itself, with its session open, and without a word', async () => {
    expect(await run(process.execPath, ['--input-type=module', '-e', program])).toEqual({ stdout: '', stderr: '' });
  });

  it('takes its processes with it when it is killed', async () => {
    const shown = `${program} console.log('spoken'); setInterval(() => {}, 1000);`;
    const child = execFile(process.execPath, ['--input-type=module', '-e', shown]);
    await once(child.stdout!, 'data');
    const children = (await run('pgrep', ['-P', `${child.pid}`])).stdout.trim().split('\n').map(Number);
    expect(children.length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    for (let tries = 0; tries < 100 && children.some(isAlive); tries++) await wait(20);
    expect(children.filter(isAlive)).toEqual([]);
  });
});
