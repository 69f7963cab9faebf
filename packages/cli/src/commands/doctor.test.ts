import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import { promisify } from 'node:util';
import { SluiceError } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';
import { callFinding } from '../machine/call-finding.ts';
import { disk, memory, nodeLine, port } from '../machine/findings.ts';
import { iceInterfaces } from '../machine/network.ts';
import { showing } from '../machine/showing.ts';
import { EndedBy } from '../terms/ended-by.ts';

describe('sluice doctor', () => {
  it('tells of this machine, and of keys only that they are there', async () => {
    const secret = 'sk-very-secret';
    const { out } = await typed(['doctor', '--no-call'], { OPENAI_API_KEY: secret });
    expect(out).toMatch(/^✓ node {5}\d+\.\d+/);
    expect(out).toContain('set: OPENAI_API_KEY');
    expect(out).not.toContain(secret);
    const { result } = await typedJson(['doctor', '--no-call']);
    expect(result.findings.map(({ name }: { name: string }) => name)).toEqual([
      'node',
      'memory',
      'disk',
      'port',
      'network',
      'plugins',
      'keys',
      'timers',
    ]);
    expect((await typed(['doctor', '--no-call', '--report'])).out).toMatch(
      /^\| \w+ \w+ \| \| \|\n\| --- \| --- \| --- \|\n\| node \| ok \|/,
    );
  });

  it('finds nothing out that it is told to leave', async () => {
    const signal = AbortSignal.abort(new EndedBy('SIGTERM'));
    expect(await typed(['doctor'], {}, false, signal)).toEqual({ code: 1, out: '', err: 'ended by SIGTERM\n' });
  });

  it('has a command for each thing that is not as it should be', async () => {
    expect(nodeLine('20.18.0')).toMatchObject({ ok: false, fix: 'nvm install 22' });
    expect(memory(2 ** 20)).toMatchObject({ ok: false, told: expect.stringMatching(/^1 MiB free/) });
    expect(await disk(import.meta.dirname, Number.POSITIVE_INFINITY)).toMatchObject({
      ok: false,
      told: expect.stringMatching(/^\d+ MiB free in \//),
    });
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port: taken } = server.address() as { port: number };
    expect(await port(taken)).toMatchObject({
      ok: false,
      told: `${taken} is taken or not allowed (EADDRINUSE)`,
      fix: 'npx sluice room --port 0',
    });
    server.close();
  });

  it.each(['memory', 'disk', 'processor'] as const)('shows with its command who takes %s', async (what) => {
    const { stdout } = await promisify(execFile)('sh', ['-c', showing(what)], { cwd: import.meta.dirname });
    expect(stdout).toMatch(/\d/);
  });

  it('looks whether datagrams pass where calls go', async () => {
    expect(await iceInterfaces()).toMatchObject({ ok: true, told: expect.stringMatching(/^UDP passes; calls reach /) });
    const lo = [{ address: '127.0.0.1', family: 'IPv4', internal: true }] as NetworkInterfaceInfo[];
    // An address of documentation, which this machine has not.
    const eth0 = [{ address: '203.0.113.7', family: 'IPv4', internal: false }] as NetworkInterfaceInfo[];
    expect(await iceInterfaces({ lo })).toMatchObject({ told: 'UDP passes; calls reach this machine alone' });
    expect(await iceInterfaces({ eth0 })).toMatchObject({ ok: false, fix: showing('interfaces') });
    expect(await iceInterfaces({ lo, eth0 })).toEqual({
      name: 'network',
      ok: false,
      told: 'no UDP passes on 203.0.113.7 (eth0)',
      fix: showing('firewall'),
    });
  });

  it('tells of a call that was not heard what is in its way', async () => {
    const never = (signal: AbortSignal) => once(signal, 'abort').then(() => Promise.reject(signal.reason));
    expect(await callFinding(never, 100)).toEqual({
      name: 'call',
      ok: false,
      told: 'no tone came back within 100 ms',
      fix: showing('firewall'),
    });
    const busy = async (signal: AbortSignal): Promise<never> => {
      while (!signal.aborted) await new Promise(setImmediate);
      throw signal.reason;
    };
    expect(await callFinding(busy, 20)).toMatchObject({
      told: 'no tone came back within 20 ms; this machine had no time to listen',
      fix: showing('processor'),
    });
  });

  it.each([
    [new SluiceError('SLUICE_CLI_ENVIRONMENT', 'x'), 'npm install @sluice/transport'],
    [new SluiceError('SLUICE_HOST_UNAVAILABLE', 'x'), 'npm install @sluice/transport @roamhq/wrtc'],
    [new SluiceError('SLUICE_ROOM_LISTEN', 'x'), 'npx sluice explain SLUICE_ROOM_LISTEN'],
    [new Error('x'), 'npx sluice docs troubleshooting'],
  ])('says of a call that fails with %s what to do', async (error, fix) => {
    expect(await callFinding(() => Promise.reject(error))).toMatchObject({ ok: false, fix });
  });
});
