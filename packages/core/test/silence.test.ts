import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const run = (lines: string, writer = `throw new Error('no permission')`) => {
  const program = `
    import { createSink } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    import { of } from 'rxjs';
    const sink = createSink({ name: 'locked', open: () => { ${writer}; } });
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

it('does not hide it either where the writer never gives back what it holds', () => {
  const write = `write: () => { throw new Error('no space'); }`;
  const { status, stderr } = run('', `return { ${write}, end: () => {}, abort: () => new Promise(() => {}) }`);
  expect(status).toBe(1);
  expect(stderr).toContain('no space');
});

it('leaves it to who does', () => {
  const { status, stdout } = run(`sink.finished.catch((error) => console.log('caught', error.message));`);
  expect(status).toBe(0);
  expect(stdout).toContain('caught no permission');
});
