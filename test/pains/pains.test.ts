import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const rows = read('docs/pains.md')
  .split('\n')
  .filter((line) => /^\| .*#\d/.test(line));

/** Where the pains were reported. */
const reported: Readonly<Record<string, readonly number[]>> = {
  pipecat: [1516, 1771, 3077, 3218, 3378, 3524, 3750, 3949, 4108, 4151, 4276, 4509, 5211, 5216, 5311],
  'livekit/agents': [391, 3604, 3637, 4705, 5038, 5879, 6177, 6795],
  'agents-js': [927, 1269, 1900, 1909, 1984, 2065, 2318, 2457],
  'livekit/node-sdks': [603],
  'openai-agents-js': [1173],
};
const references = Object.entries(reported).flatMap(([name, numbers]) => numbers.map((number) => `${name}#${number}`));
const referencesIn = (text: string) => text.match(/(?<![\w/-])(?:livekit\/)?[a-z-]+#\d+/g) ?? [];

describe('docs/pains.md', () => {
  it('has each pain once', () => {
    const listed = rows.flatMap((row) => referencesIn(row.split('|')[2]!));
    expect(listed.sort()).toEqual(references.sort());
  });

  it.each(rows.map((row) => [row.split('|')[1]!.trim(), row]))('names tests that are there: %s', (_pain, row) => {
    const named = [...row.matchAll(/`([^`]+\.test\.ts)` “([^”]+)”/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, path, name] of named) expect(read(path!)).toContain(name);
  });

  it('has all that is tried in test/pains', () => {
    const files = readdirSync(new URL('test/pains/', root)).filter((name) => /(?<!^pains)\.test\.ts$/.test(name));
    const tried = files.flatMap((name) => referencesIn(read(`test/pains/${name}`)));
    expect(tried.length).toBeGreaterThan(25);
    for (const reference of tried) expect(references).toContain(reference);
  });
});
