import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const binary = join(import.meta.dirname, '../bin/sluice.js');
const sluice = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('the binary', () => {
  it('gives results on standard output and says how it ended', () => {
    expect(sluice('explain', 'SLUICE_LINK_FORMAT')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^SLUICE_LINK_FORMAT \(Core\)/),
      stderr: '',
    });
    expect(sluice('search', 'qqxyzzy')).toMatchObject({ status: 1, stdout: '' });
    expect(sluice('explain', '--nothing')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/nothing/),
    });
  });

  it('writes a long page to its end', () => {
    const { status, stdout } = sluice('docs', 'decisions', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).result.text.length).toBeGreaterThan(65_536);
  });
});
