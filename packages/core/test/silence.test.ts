import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const run = (lines: string) => {
  const program = `
    import { createSink } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    import { of } from 'rxjs';
    const sink = createSink({ name: 'locked', open: () => { throw new Error('no permission'); } });
    of({ kind: 'text', timestamp: 0 }).subscribe(sink);
    ${lines}
  `;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
};

it('does not hide the failure of a sink without a graph from who never looks', () => {
  const { status, stderr } = run('');
  expect(status).toBe(1);
  expect(stderr).toContain('no permission');
});

it('leaves it to who does', () => {
  const { status, stdout } = run(`sink.finished.catch((error) => console.log('caught', error.message));`);
  expect(status).toBe(0);
  expect(stdout).toContain('caught no permission');
});
