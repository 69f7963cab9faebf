import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listPlugins } from './list-plugins.ts';

let all: string;
let root: string;
let count = 0;
beforeAll(() => {
  all = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-plugins-')));
});
beforeEach(() => {
  root = join(all, `${count++}`);
  mkdirSync(root);
});
afterAll(() => rmSync(all, { recursive: true }));

const put = (path: string, content: unknown) => {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
};
const link = (path: string, to: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(join(root, to), join(root, path));
};
const plugin = (name: string, change: object = {}) => ({
  name,
  version: '1.2.3',
  keywords: ['audio', 'sluice-plugin'],
  // What an import would run.
  main: './absent.js',
  sluice: { contract: 1, nodes: [{ name: 'hum', export: 'hum' }] },
  ...change,
});
const names = async (dir: string) => (await listPlugins(join(root, dir))).map(({ name }) => name);

describe('listPlugins', () => {
  it('reads the manifests of packages with the keyword, scoped ones too', async () => {
    put('node_modules/sluice-plugin-hum/package.json', plugin('sluice-plugin-hum'));
    put('node_modules/@ann/whistle/package.json', plugin('@ann/whistle', { sluice: { contract: 1, nodes: [] } }));
    put('node_modules/rxjs/package.json', { name: 'rxjs', keywords: ['reactive'] });
    put('node_modules/.bin/sluice', '');
    put('node_modules/.package-lock.json', plugin('x'));
    expect(await listPlugins(root)).toEqual([
      {
        name: '@ann/whistle',
        version: '1.2.3',
        folder: join(root, 'node_modules/@ann/whistle'),
        contract: 1,
        nodes: [],
        models: [],
        drivers: [],
        fault: undefined,
      },
      {
        name: 'sluice-plugin-hum',
        version: '1.2.3',
        folder: join(root, 'node_modules/sluice-plugin-hum'),
        contract: 1,
        nodes: [{ name: 'hum', export: 'hum' }],
        models: [],
        drivers: [],
        fault: undefined,
      },
    ]);
  });

  it('looks upward as Node does: what is nearer hides what is farther', async () => {
    put('node_modules/far/package.json', plugin('far'));
    put('node_modules/both/package.json', plugin('both', { version: '1.0.0' }));
    put('node_modules/hidden/package.json', plugin('hidden'));
    put('app/node_modules/both/package.json', plugin('both', { version: '2.0.0' }));
    put('app/node_modules/hidden/package.json', { name: 'hidden' });
    put('app/deep/file.js', '');
    const found = await listPlugins(join(root, 'app/deep'));
    expect(found.map(({ name, version }) => `${name} ${version}`)).toEqual(['both 2.0.0', 'far 1.2.3']);
    expect(await names('app/not/there')).toEqual(['both', 'far']);
    expect(await names('node_modules')).toEqual(['both', 'far', 'hidden']);
  });

  it('follows the links of workspaces', async () => {
    put('packages/mine/package.json', plugin('mine'));
    link('node_modules/mine', 'packages/mine');
    link('node_modules/@me/mine', 'packages/mine');
    expect(await names('packages/mine')).toEqual(['@me/mine', 'mine']);
  });

  it('sees what pnpm installed for the project, and nothing that only others may import', async () => {
    const store = 'node_modules/.pnpm/sluice-plugin-hum@1.2.3/node_modules';
    put(`${store}/sluice-plugin-hum/package.json`, plugin('sluice-plugin-hum'));
    put(`${store}/inner/package.json`, plugin('inner'));
    link('node_modules/.pnpm/node_modules/inner', `${store}/inner`);
    link('node_modules/sluice-plugin-hum', `${store}/sluice-plugin-hum`);
    expect(await names('.')).toEqual(['sluice-plugin-hum']);
    // From within, its own neighbours are what can be imported.
    expect(await names('node_modules/sluice-plugin-hum')).toEqual(['inner', 'sluice-plugin-hum']);
  });

  it.each<[fault: RegExp, manifest: unknown]>([
    [/no "sluice"/, plugin('p', { sluice: undefined })],
    [/"sluice" .* no object/, plugin('p', { sluice: [1] })],
    [/"contract" .* no whole number/, plugin('p', { sluice: { contract: '1', nodes: [] } })],
    [/made for contract 2, this @sluice\/core for 1/, plugin('p', { sluice: { contract: 2, nodes: [] } })],
    [/no "nodes", no "models" and no "drivers"/, plugin('p', { sluice: { contract: 1 } })],
    [/"models" .* no list/, plugin('p', { sluice: { contract: 1, models: 1 } })],
    [
      /"kind" of the model ears is none of /,
      plugin('p', { sluice: { contract: 1, models: [{ name: 'ears', kind: 'nose', export: 'ears' }] } }),
    ],
    [/"nodes" .* no list/, plugin('p', { sluice: { contract: 1, nodes: { name: 'x' } } })],
    [/"name" of node 0/, plugin('p', { sluice: { contract: 1, nodes: [{ name: 'Hum', export: 'hum' }] } })],
    [/"name" of node 0/, plugin('p', { sluice: { contract: 1, nodes: [null] } })],
    [/"export" of the node hum/, plugin('p', { sluice: { contract: 1, nodes: [{ name: 'hum', export: 'a.b' }] } })],
    [
      /"schemes" of the driver sip is no list of URL schemes/,
      plugin('p', { sluice: { contract: 1, drivers: [{ name: 'sip', export: 'sip', schemes: ['sip'] }] } }),
    ],
    [
      /"schemes" of the driver sip/,
      plugin('p', { sluice: { contract: 1, drivers: [{ name: 'sip', export: 'sip', schemes: [] }] } }),
    ],
    [
      /"capabilities" of the driver sip/,
      plugin('p', {
        sluice: {
          contract: 1,
          drivers: [{ name: 'sip', export: 'sip', schemes: ['sip:'], capabilities: ['\u001b[2J'] }],
        },
      }),
    ],
    [/two nodes hum/, plugin('p', { sluice: { contract: 1, nodes: Array(2).fill({ name: 'hum', export: 'a' }) } })],
    [
      /more than 200 nodes/,
      plugin('p', {
        sluice: { contract: 1, nodes: Array.from({ length: 201 }, (_, i) => ({ name: `n${i}`, export: 'n' })) },
      }),
    ],
    [/no JSON$/, '{ "keywords": ["sluice-plugin"], '],
    [/no JSON object/, '["sluice-plugin"]'],
    [/larger than 256 KiB/, JSON.stringify(plugin('p', { text: 'x'.repeat(300_000) }))],
  ])('lists a plugin with its fault: %s', async (fault, manifest) => {
    put('node_modules/p/package.json', manifest);
    expect(await listPlugins(root)).toEqual([
      expect.objectContaining({ name: 'p', fault: expect.stringMatching(fault) }),
    ]);
  });

  it('reads what models a plugin has, with or without nodes', async () => {
    const models = [{ name: 'ears', kind: 'recognizer', export: 'ears', size: 3 }];
    put('node_modules/p/package.json', plugin('p', { sluice: { contract: 1, models } }));
    const [listing] = await listPlugins(root);
    expect(listing).toMatchObject({ nodes: [], fault: undefined });
    expect(listing?.models).toEqual([{ name: 'ears', kind: 'recognizer', export: 'ears' }]);
  });

  it('reads what room drivers a plugin has', async () => {
    const drivers = [
      { name: 'sip', export: 'sipDriver', schemes: ['sip:', 'sips:'], capabilities: ['dtmf'], port: 5060 },
    ];
    put('node_modules/p/package.json', plugin('p', { sluice: { contract: 1, drivers } }));
    const [listing] = await listPlugins(root);
    expect(listing).toMatchObject({ nodes: [], models: [], fault: undefined });
    expect(listing?.drivers).toEqual([
      { name: 'sip', export: 'sipDriver', schemes: ['sip:', 'sips:'], capabilities: ['dtmf'] },
    ]);
  });

  it('keeps the nodes that make sense beside one that does not', async () => {
    const nodes = [{ name: 'a', export: 'default' }, { name: 'b' }, { name: 'c', export: 'größe' }];
    put('node_modules/p/package.json', plugin('p', { sluice: { contract: 1, nodes } }));
    const [listing] = await listPlugins(root);
    expect(listing).toMatchObject({ nodes: [nodes[0], nodes[2]], fault: expect.stringMatching(/the node b/) });
  });

  it('knows one that has no manifest at all by its name, and passes over everything else', async () => {
    mkdirSync(join(root, 'node_modules/sluice-plugin-empty'), { recursive: true });
    link('node_modules/@sluice/plugin-gone', 'nowhere');
    mkdirSync(join(root, 'node_modules/sluice-plugin-folder/package.json'), { recursive: true });
    put('node_modules/other/package.json', '{');
    put('node_modules/list/package.json', '[]');
    put('node_modules/huge/package.json', ' '.repeat(300_000));
    put('node_modules/words/package.json', { keywords: 'sluice-plugin' });
    put('node_modules/a file', '');
    put('node_modules/@scope', '');
    link('node_modules/loop', 'node_modules/loop');
    const faults = (await listPlugins(root)).map(({ name, fault }) => `${name}: ${fault}`);
    expect(faults).toEqual([
      '@sluice/plugin-gone: it has no package.json',
      'sluice-plugin-empty: it has no package.json',
      'sluice-plugin-folder: its package.json is no file',
    ]);
  });

  it('reads no device', async () => {
    mkdirSync(join(root, 'node_modules/sluice-plugin-zero'), { recursive: true });
    symlinkSync('/dev/zero', join(root, 'node_modules/sluice-plugin-zero/package.json'));
    expect(await listPlugins(root)).toEqual([expect.objectContaining({ fault: 'its package.json is no file' })]);
  });

  it('shows no version and no name that could not be typed', async () => {
    put('node_modules/p/package.json', plugin('p', { version: '\u001b[2J' }));
    put('node_modules/q\u001b[2J/package.json', plugin('q'));
    expect(await listPlugins(root)).toEqual([expect.objectContaining({ name: 'p', version: undefined })]);
  });

  it('never fails, whatever stands in a manifest', async () => {
    const file = () => put('node_modules/p/package.json', '');
    file();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (sluice, nodes) => {
        put('node_modules/p/package.json', plugin('p', { sluice }));
        const [first] = await listPlugins(root);
        put('node_modules/p/package.json', plugin('p', { sluice: { contract: 1, nodes } }));
        const [second] = await listPlugins(root);
        for (const listing of [first, second]) expect(listing?.name).toBe('p');
        expect(second?.fault === undefined).toBe(Array.isArray(nodes) && nodes.length === second?.nodes.length);
      }),
      { numRuns: 50 },
    );
  });

  it.each([undefined, null, 3, '', 'a\0b'])('refuses %j for a folder', async (dir) => {
    await expect(listPlugins(dir as string)).rejects.toMatchObject({ code: 'SLUICE_INVALID_ARGUMENT' });
  });
});
