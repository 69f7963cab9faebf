import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-list-'));
  const plugin = async (name: string, nodes: readonly object[], contract: number, drivers: readonly object[] = []) => {
    const at = join(folder, 'node_modules', name);
    await mkdir(at, { recursive: true });
    const manifest = {
      name,
      version: '1.2.3',
      keywords: ['sluice-plugin'],
      sluice: { contract, nodes, drivers },
      type: 'module',
      exports: './index.js',
    };
    await writeFile(join(at, 'package.json'), JSON.stringify(manifest));
    await writeFile(
      join(at, 'index.js'),
      'export const hum = Object.assign(() => {}, { contract: 1, optionsSchema: { type: "object" } });',
    );
  };
  await plugin(
    'sluice-plugin-hum',
    [
      { name: 'hum', export: 'hum' },
      { name: 'gone', export: 'gone' },
    ],
    1,
    [{ name: 'hall', export: 'hallDriver', schemes: ['hall:', 'halls:'] }],
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe('sluice list', () => {
  it('lists nodes of the documentation and those of plugins, and imports none of them', async () => {
    const { code, result } = await typedJson(['list', 'nodes', '--in', folder]);
    expect(code).toBe(0);
    expect(result).toContainEqual({
      name: 'gain',
      package: '@sluice/nodes',
      about: expect.stringMatching(/^Louder/),
      install: 'npm install @sluice/nodes',
    });
    expect(result).toContainEqual({ name: 'hum', package: 'sluice-plugin-hum', about: 'the node hum' });
    expect((await typed(['list'])).out).toMatch(/^ {2}@sluice\/nodes gain +Louder or softer/m);
  });

  it('lists plugins', async () => {
    expect((await typed(['list', 'plugins', '--in', folder])).out).toBe(
      '  sluice-plugin-hum 1.2.3  hum, gone, hallDriver\n',
    );
    const { ok, next } = await typedJson(['list', 'plugins', '--in', folder]);
    expect({ ok, next }).toEqual({ ok: true, next: 'sluice conform sluice-plugin-hum' });
  });

  it('lists the drivers of rooms with their schemes: those of transport, and those that plugins say they have', async () => {
    const { code, result } = await typedJson(['list', 'drivers', '--in', folder]);
    expect(code).toBe(0);
    expect(result).toEqual([
      {
        name: 'embedded',
        package: '@sluice/transport',
        schemes: ['http:', 'https:'],
        capabilities: expect.arrayContaining(['chat', 'recording']),
        install: 'npm install @sluice/transport',
      },
      expect.objectContaining({ name: 'janus', schemes: ['janus+ws:', 'janus+wss:'] }),
      {
        name: 'hall',
        package: 'sluice-plugin-hum',
        schemes: ['hall:', 'halls:'],
        capabilities: [],
        register: 'registerRoomDriver(hallDriver)',
      },
    ]);
    const { out } = await typed(['list', 'drivers']);
    expect(out).toMatch(/^ {2}http: https: {2}@sluice\/transport embedded +app-messages, chat, .*dtmf$/m);
    expect(out).not.toContain('not installed');
  });

  it('fails for two drivers of one scheme', async () => {
    const claimed = join(folder, 'claimed');
    const at = join(claimed, 'node_modules/sluice-plugin-own');
    await mkdir(at, { recursive: true });
    const drivers = [{ name: 'own', export: 'own', schemes: ['own:', 'https:'] }];
    const manifest = { name: 'sluice-plugin-own', keywords: ['sluice-plugin'], sluice: { contract: 1, drivers } };
    await writeFile(join(at, 'package.json'), JSON.stringify(manifest));
    const { code, ok, problems } = await typedJson(['list', 'drivers', '--in', claimed]);
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(problems).toEqual([
      {
        code: 'SLUICE_ROOM_DRIVER',
        message: '@sluice/transport and sluice-plugin-own both serve https:, and one of them can be registered',
      },
    ]);
  });

  it('fails for a plugin that cannot be used as it is', async () => {
    const broken = join(folder, 'broken');
    await mkdir(join(broken, 'node_modules/sluice-plugin-torn'), { recursive: true });
    await writeFile(join(broken, 'node_modules/sluice-plugin-torn/package.json'), '{');
    expect(await typedJson(['list', 'plugins', '--in', broken])).toMatchObject({
      code: 1,
      ok: false,
      problems: [{ message: 'sluice-plugin-torn: its package.json is no JSON' }],
    });
  });
});

describe('sluice node', () => {
  it('shows a node of ours, with its options', async () => {
    const { code, out } = await typed(['node', 'gain']);
    expect(code).toBe(0);
    expect(out).toMatch(/^gain\({ db, rampMs }\) {3}@sluice\/nodes\n\nLouder or softer.*\nLatency: 0\n/);
    expect(out).toMatch(
      /^Options\n {2}db +number: Decibels.*Default 0\.\n {2}rampMs +number: .*milliseconds\. Default 10\.$/m,
    );
    expect((await typedJson(['node', 'gain'])).result).toMatchObject({
      package: '@sluice/nodes',
      latency: '0',
      options: [{ name: 'db', isRequired: false, type: 'number' }, { name: 'rampMs' }],
    });
  });

  it('shows a node of a plugin', async () => {
    const { out } = await typed(['node', 'hum', '--in', folder]);
    expect(out).toMatch(/^hum {3}sluice-plugin-hum, contract 1\n.*"type": "object"/s);
    expect(await typedJson(['node', 'gone', '--in', folder])).toMatchObject({
      code: 1,
      problems: [{ message: 'sluice-plugin-hum says that it has gone, and does not export it' }],
    });
  });

  it('refuses one that does not exist', async () => {
    expect(await typedJson(['node', 'gainn'])).toMatchObject({
      code: 2,
      problems: [{ message: expect.stringContaining('there is no node gainn; did you mean gain?') }],
    });
  });
});
