import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SessionReader } from '@sluice/core/session';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const binary = join(import.meta.dirname, '../bin/sluice.js');
const program = (name: string) => join(import.meta.dirname, 'programs', name);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-pipes-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Gives a line to the shell, in which `sluice` is this one; the status is that of the first of a row. */
function shell(line: string): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const script = `set -o pipefail; sluice() { '${process.execPath}' '${binary}' "$@"; }; ${line}`;
  return new Promise((done) =>
    execFile('bash', ['-c', script], { cwd: folder }, (error, out, err) =>
      done({ status: error === null ? 0 : Number(error.code), out, err }),
    ),
  );
}

describe('a pipe that is closed early', () => {
  // Processes of their own, all at once.
  it('is no fault, wherever it is read no further', async () => {
    const told = await Promise.all([
      shell('sluice docs decisions | head -1'),
      shell('sluice docs decisions --json <&- | head -c 20'),
      // Talk is not the result: what nobody hears of it ends nothing.
      shell(`{ sluice run ${program('tone.mjs')} 2>&1 >result | true; } && cat result`),
    ]);
    expect(told).toEqual([
      { status: 0, out: expect.stringMatching(/^# /), err: '' },
      { status: 0, out: '{"ok":true,"command"', err: '' },
      { status: 0, out: expect.stringMatching(/^tone: .* 3 nodes, 0 frames dropped\n$/), err: '' },
    ]);
  });

  it('ends a program that prints for ever in order, and what it records is whole', async () => {
    const line = `sluice run ${program('prints-for-ever.ts')} --record printed.sluice --sound | head -3`;
    expect(await shell(line)).toEqual({
      status: 0,
      out: 'a line\na line\na line\n',
      err: 'prints runs; Ctrl-C ends it\n',
    });
    await using reader = await SessionReader.open(join(folder, 'printed.sluice'));
    let last: unknown;
    for await (const { json } of reader) last = json.name ?? last;
    expect({ cut: reader.cut, last }).toEqual({ cut: false, last: 'session.end' });
  });
});
