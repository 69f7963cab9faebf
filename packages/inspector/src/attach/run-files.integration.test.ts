import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listRunFiles, pageUrl, type RunFile, removeRunFile, runFolder, writeRunFile } from './run-files.ts';

const file: RunFile = {
  protocol: 'sluice-inspect/1',
  pid: process.pid,
  program: 'bot.ts',
  graphs: ['bot'],
  startedAt: '2026-01-01T00:00:00.000Z',
  port: 1_234,
  token: 'secret',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('is for its user alone, and gone with its process', () => {
  expect(listRunFiles()).toEqual([]);
  writeRunFile(file);
  writeRunFile({ ...file, graphs: ['bot', 'other'] });
  const path = join(runFolder(), `${process.pid}.json`);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(runFolder()).mode & 0o777).toBe(0o700);
  writeFileSync(join(runFolder(), '999999999.json'), JSON.stringify({ ...file, pid: 999_999_999 }));
  writeFileSync(join(runFolder(), '17.json'), 'no JSON');
  expect(listRunFiles()).toEqual([{ ...file, graphs: ['bot', 'other'] }]);
  expect(existsSync(join(runFolder(), '999999999.json'))).toBe(false);
  expect(pageUrl(file)).toBe('http://127.0.0.1:1234/#t=secret');
  expect(pageUrl({})).toBeUndefined();
  removeRunFile(process.pid);
  expect(listRunFiles()).toEqual([]);
});

it('is not written where others could read it', () => {
  mkdirSync(runFolder());
  chmodSync(runFolder(), 0o755);
  expect(() => writeRunFile(file)).toThrow(expect.objectContaining({ code: 'SLUICE_INSPECTOR_RUN_FILE' }));
  expect(listRunFiles()).toEqual([]);
});
