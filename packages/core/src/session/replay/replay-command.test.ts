import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { talk } from '../../../test/session/talk.ts';
import { VirtualClock } from '../../time/virtual-clock.ts';
import { recordSession } from '../recording/record-session.ts';
import { replayCommand } from './replay-command.ts';

const same = fileURLToPath(new URL('../../../test/session/recorded-talk.ts', import.meta.url));
const louder = fileURLToPath(new URL('../../../test/session/louder-talk.ts', import.meta.url));

describe('the command replay', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-session-'));
    file = join(folder, 'talk.sluice');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function record(module?: string): Promise<void> {
    const clock = new VirtualClock();
    const session = await recordSession({
      file,
      program: talk(clock, {}, 20),
      clock,
      sound: true,
      ...(module !== undefined && { module }),
    });
    await clock.advance(500);
    const closing = session.close();
    await clock.run();
    await closing;
  }

  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    let out = '';
    let err = '';
    const code = await replayCommand(args, {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { code, out, err };
  }

  it('exits with 0 for the same bytes, of the program that is given or that the session names', async () => {
    await record(new URL(`file://${same}`).href);
    for (const args of [[file], [file, '--program', same]]) {
      const { code, out, err } = await run(...args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(
        /^the same\ntalk: \d+ records, 0\.\d s in [\d.]+ s .*\nmouth: 20 frames, sha256 [0-9a-f]{64}\n$/,
      );
    }
  });

  it('exits with 1 and prints the first difference', async () => {
    await record();
    const { code, out } = await run(file, '--program', louder);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^differs: .*the samples are not those that were recorded \(record \d+, [\d.]+ ms, mouth, sample \d+\)/,
    );
  });

  it('prints one JSON object', async () => {
    await record();
    const { code, out } = await run(file, '--json', '--program', louder);
    expect(code).toBe(1);
    const { graph, complete, differences } = JSON.parse(out);
    expect({ graph, complete }).toEqual({ graph: 'talk', complete: true });
    expect(differences[0]).toMatchObject({ code: 'SLUICE_SESSION_OUTPUT', node: 'mouth', sample: expect.any(Number) });
    expect(differences[0].replayed).not.toBe(differences[0].recorded);
  });

  it('exits with 2 for bad usage', async () => {
    for (const args of [[], ['a', 'b'], ['a', '--loud']]) {
      const { code, err } = await run(...args);
      expect(code).toBe(2);
      expect(err).toContain('usage: npx sluice replay');
    }
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('usage:') });
  });

  it('exits with 2 for what is no session, or has no program', async () => {
    expect(await run(join(folder, 'none.sluice'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('SLUICE_SESSION_FILE: '),
    });
    await record();
    expect(await run(file)).toMatchObject({ code: 2, err: expect.stringContaining('--program path') });
    for (const path of [join(folder, 'none.mjs'), fileURLToPath(import.meta.resolve('fast-check'))])
      expect(await run(file, '--program', path)).toMatchObject({
        code: 2,
        err: expect.stringContaining('SLUICE_SESSION_PROGRAM: '),
      });
    const bytes = await readFile(file);
    await writeFile(file, bytes.toString('latin1').replace('sluice-session/1', 'sluice-session/9'), 'latin1');
    expect(await run(file, '--program', same)).toMatchObject({
      code: 2,
      err: expect.stringContaining('SLUICE_SESSION_VERSION: '),
    });
  });

  it('never loads a module outside of the working folder because a file says so', async () => {
    const path = join(folder, 'evil.mjs');
    await writeFile(path, 'globalThis.loadedByASession = true;');
    await record(path);
    expect(await run(file)).toMatchObject({ code: 2, err: expect.stringContaining('not in the working folder') });
    expect('loadedByASession' in globalThis).toBe(false);
  });
});
