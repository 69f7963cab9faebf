import { SluiceError } from '@sluice/core';

/** What helps against an error of the file system, by its code. The message of the system says the rest. */
const fixes: Readonly<Record<string, string>> = {
  EACCES: 'Check the permissions of the file and its folder',
  EISDIR: 'Name a file in this folder',
  EMFILE: 'Too many files are open: close some, or raise the limit (ulimit -n)',
  ENOSPC: 'Make room on the disk',
  ENOTDIR: 'Check the path: a part of it is a file, no folder',
  EPERM: 'Check the permissions of the file and its folder',
  EROFS: 'Choose a folder that can be written to',
};

/** The error of a file at `path` that is read. */
export function readError(path: string, what: string, cause: unknown): SluiceError {
  return fileError('SLUICE_FILE_READ', path, what, cause, 'Check the path');
}

/** The error of a file at `path` that is written. */
export function writeError(path: string, what: string, cause: unknown): SluiceError {
  return fileError('SLUICE_FILE_WRITE', path, what, cause, 'Create its folder first');
}

function fileError(
  code: 'SLUICE_FILE_READ' | 'SLUICE_FILE_WRITE',
  path: string,
  what: string,
  cause: unknown,
  missing: string,
): SluiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const system = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const fix = system === 'ENOENT' ? fromHere(path, missing) : fixes[system];
  return new SluiceError(code, `${path} ${what}: ${reason}`, { cause, ...(fix !== undefined && { fix }) });
}

/** A path that does not begin at the root is meant from another folder, more often than not. */
function fromHere(path: string, missing: string): string {
  return path.startsWith('/') ? missing : `${missing}; it begins at the folder ${process.cwd()}`;
}
