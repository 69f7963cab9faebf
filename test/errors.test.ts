import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliErrorCodes } from '@sluice/cli';
import { coreErrorCodes } from '@sluice/core';
import { fleetErrorCodes } from '@sluice/fleet';
import { inspectorErrorCodes } from '@sluice/inspector';
import { nodesErrorCodes } from '@sluice/nodes';
import { ffmpegErrorCodes } from '@sluice/plugin-ffmpeg';
import { containerErrorCodes } from '@sluice/plugin-mediabunny';
import { soundErrorCodes } from '@sluice/plugin-sound';
import { websocketErrorCodes } from '@sluice/plugin-websocket';
import { scenarioErrorCodes } from '@sluice/scenario';
import { transportErrorCodes } from '@sluice/transport';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const codes = [
  ...cliErrorCodes,
  ...containerErrorCodes,
  ...coreErrorCodes,
  ...ffmpegErrorCodes,
  ...fleetErrorCodes,
  ...inspectorErrorCodes,
  ...nodesErrorCodes,
  ...scenarioErrorCodes,
  ...soundErrorCodes,
  ...websocketErrorCodes,
  ...transportErrorCodes,
];
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const rows = [...page.matchAll(/<a id="(\w+)"><\/a>\s*`(\w+)`/g)].map(([, anchor, code]) => ({ anchor, code }));

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('node_modules'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
}

describe('error codes', () => {
  it('are unique', () => {
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('have one row each in docs/errors.md, and no row is without a code', () => {
    expect(rows.map((row) => row.code).sort()).toEqual([...codes].sort());
    for (const row of rows) expect(row.anchor).toBe(row.code!.toLowerCase());
  });

  it('are raised by a test each', () => {
    const tests = [...filesOf('packages', '.test.ts'), ...filesOf('packages', '-contract.ts')].join('\n');
    expect(codes.filter((code) => !tests.includes(code))).toEqual([]);
  });

  it('are all declared: no source raises a code that is in no list', () => {
    const sources = filesOf('packages', '.ts').join('\n');
    const used = new Set([...sources.matchAll(/'(SLUICE_[A-Z_]+[A-Z])'/g)].map(([, code]) => code!));
    expect([...used].filter((code) => !(codes as string[]).includes(code))).toEqual([]);
  });
});
