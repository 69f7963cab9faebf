import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecret } from '@sluice/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { startRoomServer } from '../room-server.ts';
import { serverArguments } from './server-arguments.ts';

// One that begins with a dash would be taken for an option.
const secret = `s${createSecret()}`;
const folder = mkdtempSync(join(tmpdir(), 'sluice-arguments-'));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('npm run room', () => {
  test('without a word listens on loopback, for anyone', () => {
    const { room, help, server } = serverArguments({ args: [], env: {} });
    const options = {
      host: '127.0.0.1',
      port: 7880,
      insecure: false,
      hosts: [],
      proxies: [],
      roomCreation: 'anyone',
      apiKeys: [],
    };
    expect([room, help, server()]).toEqual(['hello', false, options]);
  });

  test('with everything', () => {
    const files = {
      rooms: written('all.json', '{"board":{"private":true}}'),
      cert: written('cert.pem', 'cert'),
      key: written('key.pem', 'key'),
      api: written('api', `${secret}x\n`),
    };
    const args = `--host 0.0.0.0 --port 1 --room board --name a.example --name b.example --rooms ${files.rooms} --listed
      --tls-cert ${files.cert} --tls-key ${files.key} --api-key ${secret}y --api-key-file ${files.api} --private
      --metrics 2`.split(/\s+/);
    const env = { SLUICE_SECRET: `${secret}1 ${secret}2`, SLUICE_METRICS_KEY: 'm' };
    const { room, server } = serverArguments({ args, env });
    expect(room).toBe('board');
    expect(server()).toMatchObject({
      host: '0.0.0.0',
      port: 1,
      hosts: ['a.example', 'b.example'],
      rooms: { board: { private: true } },
      roomCreation: 'listed',
      apiKeys: [`${secret}y`, `${secret}x`],
      tls: { cert: 'cert', key: 'key' },
      tokens: expect.objectContaining({ guests: false }),
      metrics: { port: 2, key: 'm' },
    });
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a short secret', ['--secret', 'hunter2'], /at least 32 random bytes/],
    ['three secrets', ['--secret', secret, '--secret', `${secret}2`, '--secret', `${secret}3`], /one or two secrets/],
    ['a short key', ['--api-key', 'hunter2'], /32 to 512 printable characters/],
    ['one word for two things', ['--api-key', secret, '--secret', secret], /are the same/],
    ['private without a secret', ['--private'], /--private needs --secret/],
    ['a word too many', [secret], /1 arguments belong to no option/],
    ['an option that is none', ['--secretkey', secret], /--secretkey/],
    ['an option of a value that is none', [`--secretkey=${secret}`], /--secretkey/],
    ['half of TLS', ['--tls-cert', 'x.pem'], /belong together/],
    ['a file that is not there', ['--rooms', '/nowhere.json'], /\/nowhere\.json cannot be read \(ENOENT\)/],
    ['a file of rooms that is no JSON', ['--rooms', written('bad.json', secret)], /a file of JSON/],
    ['a room that is none', ['--rooms', written('odd.json', '{"a/b":{}}')], /none of healthz, v1/],
    ['a key for figures that is missing', ['--metrics', '0'], /--metrics needs a key .* SLUICE_METRICS_KEY/],
    ['a private room and no secret', ['--rooms', written('p.json', '{"a":{"private":true}}')], /the private room a/],
    ['a port that is none', ['--port', 'x'], /--port is a number/],
  ])('%s is told, and no secret with it', async (_, args, message) => {
    const run = async () => startRoomServer({ ...serverArguments({ args, env: {} }).server(), port: 0 });
    if (args.includes('--port')) expect(() => serverArguments({ args, env: {} }).server()).toThrow(message);
    else await expect(run()).rejects.toThrow(message);
    await expect(run().then((server) => server.close())).rejects.not.toThrow(new RegExp(`hunter2|${secret}`));
  });
});
