import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const runner = fileURLToPath(new URL('../../scripts/run-example.mjs', import.meta.url));

it('records what goes wrong, replays it, and shows where a mended agent does something else', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'sluice-smoke-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [runner, 'bug-report'], { cwd });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual(['  person: my number is', '  agent: I have:', '  person: five']);
    expect(lines.at(-2)).toMatch(/^replayed: the same, \d\d+ frames$/);
    // The turn that was over 300 ms after 1,500 ms.
    const [, ms] = /^mended: the graph did something else .*\(record \d+, (\d+)/.exec(lines.at(-1)!) ?? [];
    expect(Number(ms)).toBeGreaterThan(1_500);
    expect(Number(ms)).toBeLessThan(2_400);
  } finally {
    await rm(cwd, { recursive: true });
  }
});
