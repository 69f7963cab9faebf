import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { EndedBy } from '../terms/ended-by.ts';
import { endsWithUs, ownGroup } from './ends-with-us.ts';

let child: ChildProcess;
afterEach(() => child.kill('SIGKILL'));

/** A shell that has said that it is there. */
async function shell(script: string): Promise<void> {
  child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'], ...ownGroup });
  await once(child.stdout!, 'data');
}

describe('endsWithUs', () => {
  it.each([
    ['group', 'SIGINT', 'SIGINT'],
    ['group', 'SIGHUP', 'SIGHUP'],
    ['child', 'SIGINT', 'SIGTERM'],
  ] as const)('tells the %s of %s by %s', async (to, given, sent) => {
    await shell('echo 1; kill -STOP $$');
    const abort = new AbortController();
    endsWithUs(child, abort.signal, to);
    const before = process.listenerCount('exit');
    const exited = once(child, 'exit');
    abort.abort(new EndedBy(given));
    child.kill('SIGCONT');
    expect(await exited).toEqual([null, sent]);
    expect(process.listenerCount('exit')).toBe(before - 1);
  });

  it('leaves nothing behind that hears no signal, where this process ends first', async () => {
    await shell('trap "" TERM INT; sleep 600 & echo 1; wait');
    const others = process.listeners('exit');
    endsWithUs(child, AbortSignal.abort(), 'group');
    const [atExit] = process.listeners('exit').filter((listener) => !others.includes(listener));
    // Not before the program has let go of what it prints to, too.
    const closed = once(child, 'close');
    atExit!(0);
    expect(await closed).toEqual([null, 'SIGKILL']);
  });
});
