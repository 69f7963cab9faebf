import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readError, writeError } from './file-errors.ts';

const caught = (work: Promise<unknown>) => work.then(undefined, (error: unknown) => error);

test('what is missing is told with what to do, and from which folder a relative path begins', async () => {
  const missing = await caught(readFile('/nowhere/a.wav'));
  expect(readError('/nowhere/a.wav', 'cannot be opened', missing)).toMatchObject({
    code: 'SLUICE_FILE_READ',
    message: expect.stringMatching(/^\/nowhere\/a\.wav cannot be opened: ENOENT.* Check the path$/),
    cause: missing,
  });
  expect(readError('a.wav', 'cannot be opened', missing).message).toContain(
    `Check the path; it begins at the folder ${process.cwd()}`,
  );
  const folder = await caught(writeFile('/nowhere/a.wav', ''));
  expect(writeError('/nowhere/a.wav', 'cannot be created', folder).message).toMatch(/ Create its folder first$/);
});

test('other errors of the system have advice of their own, or none', async () => {
  const isFolder = await caught(writeFile('/tmp', ''));
  expect(writeError('/tmp', 'cannot be created', isFolder).message).toMatch(/EISDIR.* Name a file in this folder$/);
  expect(readError('a', 'cannot be read', 'odd').message).toBe('a cannot be read: odd');
});
