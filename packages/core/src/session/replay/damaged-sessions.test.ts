import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { talk } from '../../../test/session/talk.ts';
import { VirtualClock } from '../../time/virtual-clock.ts';
import { RecordSplitter } from '../container/record-splitter.ts';
import { decodeHeader } from '../container/session-header.ts';
import { recordSession } from '../recording/record-session.ts';
import { replaySession } from './replay-session.ts';

/** A turned bit, an overwritten stretch, a cut, a stretch twice, a stretch less: where, as a part of the file, and how long. */
const change = fc.record({
  kind: fc.constantFrom('bit', 'fill', 'cut', 'twice', 'out'),
  // In millionths; doubles would nearly all be at the beginning.
  where: fc.noBias(fc.nat(999_999)),
  length: fc.integer({ min: 0, max: 64 }),
  byte: fc.integer({ min: 0, max: 255 }),
});
const changes = fc.array(change, { minLength: 1, maxLength: 3 });
type Change = (typeof change extends fc.Arbitrary<infer T> ? T : never) & {};

function mutated(whole: Buffer, made: readonly Change[]): Buffer {
  return made.reduce((bytes, { kind, where, length, byte }) => {
    const at = Math.floor((where / 1e6) * bytes.length);
    const end = Math.min(bytes.length, at + length);
    if (kind === 'cut') return bytes.subarray(0, at);
    if (kind === 'twice') return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    if (kind === 'out') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    const copy = Buffer.from(bytes);
    if (kind === 'fill') copy.fill(byte, at, end);
    else if (at < copy.length) copy[at] = copy[at]! ^ (1 << (byte % 8));
    return copy;
  }, whole);
}

/** What reading gives: 'whole', 'cut', or the code of the error. */
function read(bytes: Buffer): string {
  try {
    const end = bytes.indexOf(10);
    decodeHeader(bytes.subarray(0, end < 0 ? bytes.length : end));
    const records = new RecordSplitter();
    records.push(bytes.subarray(end + 1));
    for (let record = records.next(); record !== undefined; record = records.next())
      expect(record.bytes.length).toBeLessThanOrEqual(bytes.length);
    return records.rest > 0 ? 'cut' : 'whole';
  } catch (error) {
    return String((error as { code?: string }).code ?? (error as Error).stack);
  }
}

describe('damaged sessions', () => {
  let folder: string;
  let file: string;
  let whole: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-session-'));
    file = join(folder, 'whole.sluice');
    const clock = new VirtualClock();
    const session = await recordSession({ file, program: talk(clock, {}, 6), clock, sound: true, text: true });
    await clock.advance(100);
    void session.result.setGain(0.5);
    await clock.advance(100);
    const closing = session.close();
    await clock.run({ limitMs: 10_000, until: closing });
    await closing;
    whole = await readFile(file);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are read to an end or a typed error, 5,000 of them', () => {
    const outcomes = new Map<string, number>();
    const property = fc.property(changes, (made) => {
      const outcome = read(mutated(whole, made));
      expect(outcome).toMatch(/^(whole|cut|SLUICE_SESSION_FILE|SLUICE_SESSION_VERSION)$/);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    });
    fc.assert(property, { numRuns: 5_000, seed: 5 });
    expect(outcomes.get('cut')).toBeGreaterThan(100);
    expect(outcomes.get('SLUICE_SESSION_FILE')).toBeGreaterThan(100);
  });

  it('are replayed to a report or a typed error, and never wait for what does not come', async () => {
    const outcomes = new Map<string, number>();
    const property = fc.asyncProperty(changes, async (made) => {
      await writeFile(file, mutated(whole, made));
      const program = talk(undefined as never, {}, 6);
      const report = await replaySession(file, { program, patienceMs: 50 }).catch((error) => {
        expect(error.code, error.stack).toMatch(/^SLUICE_/);
        return { differences: [error as { code: string }] };
      });
      const outcome = report.differences[0]?.code ?? 'same';
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    });
    await fc.assert(property, { numRuns: 400, seed: 6 });
    expect(outcomes.get('SLUICE_SESSION_FILE')).toBeGreaterThan(20);
    expect(outcomes.get('SLUICE_SESSION_OUTPUT')).toBeGreaterThan(2);
  });

  it('end the recording where the disk is full, and the graph runs on', async () => {
    const clock = new VirtualClock();
    const codes: string[] = [];
    const session = await recordSession({
      // A device of Linux on which every write finds the disk full.
      file: '/dev/full',
      program: talk(clock),
      clock,
      sound: true,
      onError: ({ code }) => codes.push(code),
    });
    await clock.advance(3_000);
    const closing = session.close();
    const closed = expect(closing).rejects.toMatchObject({ code: 'SLUICE_SESSION_WRITE' });
    await clock.run({ limitMs: 10_000, until: closing.catch(() => {}) });
    await closed;
    expect(codes).toEqual(['SLUICE_SESSION_WRITE']);
    expect((await session.result.sink.finished).samples).toBeGreaterThan(140 * 320);
  });
});
