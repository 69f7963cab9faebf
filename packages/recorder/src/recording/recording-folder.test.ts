import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileNamePart, RecordingFolder } from './recording-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-recording-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('file names', () => {
  it.each([
    ['Ada Lovelace', 'ada-lovelace'],
    ['../../etc/passwd', 'etc-passwd'],
    ['Zoë\u0000\n<b>', 'zoe-b'],
    ['\\\\server\\share:', 'server-share'],
    ['…', ''],
    ['a'.repeat(300), 'a'.repeat(40)],
  ])('%j becomes %j', (name, part) => {
    expect(fileNamePart(name)).toBe(part);
  });

  it('never leave the folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (who, what) => {
        expect([fileNamePart(who), fileNamePart(what)].join('')).toMatch(/^[a-z0-9-]*$/);
      }),
    );
  });

  it('are never the same for two', async () => {
    const folder = await RecordingFolder.create(root, '../room', new Date(0), '../../id');
    expect(relative(root, folder.path)).toBe('room/1970-01-01T00-00-00-id');
    expect([
      folder.name('Ada', 'microphone', 'wav'),
      folder.name('ada', 'microphone', 'wav'),
      folder.name('', '', 'wav'),
    ]).toEqual(['01-ada-microphone.wav', '02-ada-microphone.wav', '03.wav']);
    await folder.writeManifest({ a: 1 });
    expect(await readdir(folder.path)).toEqual(['recording.json']);
  });

  it('cannot be had where nobody may write', async () => {
    await writeFile(join(root, 'file'), '');
    const made = RecordingFolder.create(join(root, 'file'), 'room', new Date(0), 'id');
    await expect(made).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
  });
});
