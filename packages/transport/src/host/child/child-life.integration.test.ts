import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { linkConnections, record, wait } from '../../../test/linked-connections.ts';
import { until } from '../../../test/until.ts';
import type { HostDeath, MediaHost } from '../media-host.ts';
import { createChildHost } from './child-host.ts';

const mono = { sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 60 } as const;

/** A process that ended but whose new parent does not collect it counts as ended. */
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !(existsSync(`/proc/${pid}/stat`) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
  } catch {
    return false;
  }
};

const death = (host: MediaHost) => new Promise<HostDeath>((resolve) => host.onDown(resolve));

describe('the life of the child process of the media host', () => {
  let host: MediaHost;
  afterEach(() => host.close());

  it('tells its death once, before anything closes, and serves new calls from a new process', async () => {
    host = createChildHost();
    await host.stats();
    const link = linkConnections(host);
    const events: string[] = [];
    host.onDown(({ signal, count, failed }) => events.push(`down ${signal} ${count} ${failed}`));
    link.a.on('state', (state) => events.push(`a ${state}`));
    const pending = link.a.createOffer();
    process.kill(host.pid, 'SIGKILL');
    await expect(pending.then(() => link.a.createAnswer())).rejects.toMatchObject({ code: 'SLUICE_HOST_DOWN' });
    await wait(300);
    expect(events).toEqual(['down SIGKILL 1 false', 'a closed']);
    const next = linkConnections(host);
    const source = host.createAudioSource(mono);
    next.a.addTrack('microphone', source);
    const heard = record(next.b, 'microphone');
    await next.negotiate();
    await until(() => heard.chunks.length > 20);
    next.close();
  });

  it('waits ten seconds with a new engine after the fourth death within a minute, and throws nothing meanwhile', async () => {
    host = createChildHost();
    for (let count = 1; count <= 4; count++) {
      await host.stats();
      const told = death(host);
      process.kill(host.pid, 'SIGSEGV');
      const { retryAt, ...rest } = await told;
      expect(rest).toEqual({ exitCode: null, signal: 'SIGSEGV', count, failed: false });
      // Of the host's clock, which runs on meanwhile: a wait of 10 s is none of 1 s.
      expect(retryAt! - performance.now() > 2_000).toBe(count === 4);
    }
    host.createAudioSource(mono).write(new Int16Array(480));
    host.createConnection({ candidates: 'loopback' }).close();
  });

  it('kills a frozen process', async () => {
    host = createChildHost();
    await host.stats();
    const told = death(host);
    process.kill(host.pid, 'SIGSTOP');
    expect((await told).signal).toBe('SIGKILL');
  }, 15_000);

  it('lets a process go on that stood still for a moment', async () => {
    host = createChildHost();
    await host.stats();
    const { pid } = host;
    process.kill(pid, 'SIGSTOP');
    await wait(700);
    process.kill(pid, 'SIGCONT');
    await host.stats();
    expect(host.pid).toBe(pid);
  });

  it('refuses to start without its program', () => {
    host = createChildHost();
    expect(() => createChildHost({ entry: '/nowhere/child-entry.js' })).toThrow(
      expect.objectContaining({ code: 'SLUICE_HOST_UNAVAILABLE' }),
    );
  });

  it('survives commands that cannot be carried out', async () => {
    host = createChildHost();
    const { pid } = host;
    const source = host.createAudioSource(mono);
    const connection = host.createConnection({ candidates: 'loopback', iceServers: [{ urls: 'nonsense' }] });
    connection.addTrack('microphone', source);
    connection.removeTrack('microphone');
    await expect(connection.createOffer()).rejects.toMatchObject({ code: 'SLUICE_HOST_CLOSED' });
    source.close();
    await host.stats();
    expect(host.pid).toBe(pid);
  });

  it('ends on close', async () => {
    host = createChildHost();
    await host.stats();
    const { pid } = host;
    await host.close();
    expect(isAlive(pid)).toBe(false);
    expect(() => host.createConnection({ candidates: 'all' })).toThrow(
      expect.objectContaining({ code: 'SLUICE_HOST_CLOSED' }),
    );
  });

  it('ends with its program, also where it stands still', async () => {
    host = createChildHost();
    const module = fileURLToPath(new URL('../../../dist/host/child/child-host.js', import.meta.url));
    const script = `import { createChildHost } from ${JSON.stringify(module)};
      const host = createChildHost(); await host.stats();
      process.kill(host.pid, 'SIGSTOP');
      process.stdout.write(String(host.pid), () => process.exit(3));`;
    const program = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(program, 'exit');
    const [text] = (await once(program.stdout!, 'data')) as [Buffer];
    expect(await ended).toEqual([3, null]);
    for (let waited = 0; waited < 1_000 && isAlive(Number(text)); waited += 50) await wait(50);
    expect(isAlive(Number(text))).toBe(false);
  });

  it('ends when its parent is killed, also in the midst of work for a minute', async () => {
    host = createChildHost();
    const module = fileURLToPath(new URL('../../../dist/host/child/child-host.js', import.meta.url));
    const script = `import { createChildHost } from ${JSON.stringify(module)};
      const host = createChildHost(); await host.stats();
      host.createAudioSource({ sampleRate: 48000, channels: 1, autoSilence: true, cushionMs: 60 });
      for (let count = 0; count < 2000; count++) host.createConnection({ candidates: 'loopback' });
      process.stdout.write(String(host.pid));`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [text] = (await once(parent.stdout!, 'data')) as [Buffer];
    const pid = Number(text.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    for (let waited = 0; waited < 1_000 && isAlive(pid); waited += 50) await wait(50);
    expect(isAlive(pid)).toBe(false);
  });
});
