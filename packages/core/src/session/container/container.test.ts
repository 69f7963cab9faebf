import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SluiceError } from '../../errors.ts';
import { encodeHeader, SESSION_FORMAT, type SessionHeader } from './session-header.ts';
import { SessionReader } from './session-reader.ts';
import { encodeRecord, type SessionRecord } from './session-record.ts';
import { SessionWriter } from './session-writer.ts';

const header: SessionHeader = {
  format: SESSION_FORMAT,
  versions: { node: 'v20.19.0', core: '0.0.0' },
  graph: { name: 'bot', shape: ['source a: a [a]'], hash: '0' },
  startedAt: '2026-01-01T00:00:00.000Z',
  sound: true,
  text: true,
};

describe('the file of a session', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-session-'));
    file = join(folder, 'a.sluice');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function readAll(): Promise<{ records: SessionRecord[]; cut: boolean }> {
    await using reader = await SessionReader.open(file);
    const records: SessionRecord[] = [];
    for await (const record of reader) records.push(record);
    return { records, cut: reader.cut };
  }

  it('gives back what was written, in order, over the borders of what is read at once', async () => {
    const writer = await SessionWriter.open(file);
    writer.add('control', '{"early":true}');
    writer.begin(header);
    const sizes = [0, 1, 640, 300_000, 262_144, 5];
    for (const [index, size] of sizes.entries())
      writer.add('input', JSON.stringify({ index }), [new Uint8Array(size).fill(index + 1), new Uint8Array(2)]);
    await writer.close();
    await using reader = await SessionReader.open(file);
    expect(reader.header).toEqual(header);
    const { records, cut } = await readAll();
    expect(cut).toBe(false);
    expect(records.map(({ index, type }) => [index, type])).toEqual([
      [1, 'control'],
      ...sizes.map((_, index) => [index + 2, 'input']),
    ]);
    for (const [index, { json, bytes }] of records.slice(1).entries()) {
      expect(json).toEqual({ index });
      expect(Buffer.compare(bytes, Buffer.concat([Buffer.alloc(sizes[index]!, index + 1), Buffer.alloc(2)]))).toBe(0);
    }
  });

  it('passes records of other types over, and reads a cut file to its last whole record', async () => {
    const unknown = encodeRecord('inspect', '{}', []);
    unknown[4] = 99;
    const records = [encodeRecord('random', '{"value":1}', []), unknown, encodeRecord('clock', '{"at":5}', [])];
    const whole = Buffer.concat([
      encodeHeader(header),
      ...records,
      encodeRecord('output', '{"a":1}', [Buffer.alloc(9)]),
    ]);
    for (const missing of [1, 9, 12]) {
      await writeFile(file, whole.subarray(0, whole.length - missing));
      const { records, cut } = await readAll();
      expect(cut).toBe(true);
      expect(records.map(({ index, type }) => [index, type])).toEqual([
        [1, 'random'],
        [3, 'clock'],
      ]);
    }
  });

  it.each([
    ['nothing', ''],
    ['a sound file', 'RIFF....WAVE'],
    ['other JSON', '{"name":"x"}\n'],
    ['no graph', '{"format":"sluice-session/1"}\n'],
    ['a header without an end', `{"format":"${'x'.repeat(1_500_000)}`],
  ])('refuses %s', async (_, text) => {
    await writeFile(file, text);
    await expect(readAll()).rejects.toMatchObject({ code: 'SLUICE_SESSION_FILE' });
  });

  it('refuses what is not there, and another version by name', async () => {
    await expect(SessionReader.open(join(folder, 'none.sluice'))).rejects.toMatchObject({
      code: 'SLUICE_SESSION_FILE',
    });
    await writeFile(file, '{"format":"sluice-session/7"}\n');
    const error: SluiceError = await SessionReader.open(file).catch((error) => error);
    expect(error.code).toBe('SLUICE_SESSION_VERSION');
    expect(error.message).toContain('"sluice-session/7"');
  });

  it('refuses a record that claims more than any has, before it makes room for it', async () => {
    const record = encodeRecord('input', '{}', []);
    record.writeUInt32LE(0xffff_ffff, 0);
    await writeFile(file, Buffer.concat([encodeHeader(header), record]));
    await expect(readAll()).rejects.toThrow(/4294967295 bytes/);
  });

  it('ends with an error where nothing can be written, and lets whoever writes go on', async () => {
    await expect(SessionWriter.open(join(folder, 'none', 'a.sluice'))).rejects.toMatchObject({
      code: 'SLUICE_SESSION_WRITE',
    });
    const errors: SluiceError[] = [];
    // A device of Linux on which every write finds the disk full.
    const writer = await SessionWriter.open('/dev/full', { onError: (error) => errors.push(error) });
    writer.begin(header);
    for (let index = 0; index < 200; index++) writer.add('input', '{}', [new Uint8Array(1_000)]);
    await expect(writer.close()).rejects.toMatchObject({ code: 'SLUICE_SESSION_WRITE' });
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('ENOSPC')]);
    writer.add('input', '{}');
  });

  it('gives up when a disk does not keep up, and keeps what it has', async () => {
    const errors: SluiceError[] = [];
    const writer = await SessionWriter.open(file, { onError: (error) => errors.push(error) });
    writer.begin(header);
    const bytes = new Uint8Array(16 * 2 ** 20);
    for (let index = 0; index < 8; index++) writer.add('input', '{"at":1}', [bytes]);
    expect(errors).toHaveLength(1);
    await expect(writer.close()).rejects.toThrow(/does not keep up/);
    expect((await readFile(file)).length).toBeGreaterThan(16 * 2 ** 20);
  });
});
