import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';
import { memory, nodeLine, port } from '../machine/findings.ts';

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
      'port',
      'plugins',
      'keys',
      'timers',
    ]);
    expect((await typed(['doctor', '--no-call', '--report'])).out).toMatch(
      /^\| \w+ \w+ \| \| \|\n\| --- \| --- \| --- \|\n\| node \| ok \|/,
    );
  });

  it('has a command for each thing that is not as it should be', async () => {
    expect(nodeLine('20.18.0')).toMatchObject({ ok: false, fix: 'nvm install 22' });
    expect(memory(2 ** 20)).toMatchObject({
      ok: false,
      told: expect.stringMatching(/^1 MiB free/),
      fix: expect.any(String),
    });
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const { port: taken } = server.address() as { port: number };
    expect(await port(taken)).toMatchObject({ ok: false, told: `${taken} is taken or not allowed (EADDRINUSE)` });
    server.close();
  });
});
