// How a process is found that shows itself: a file in the user's own folder. And how one begins to: by its code, by its
// environment, by a signal.

import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core';

/** What a process says of itself to those who may read its user's files. */
export interface RunFile {
  /** Which words it speaks: `sluice-inspect/1`. */
  readonly protocol: string;
  /** Of the process. */
  readonly pid: number;
  /** What runs, as its command line says. */
  readonly program: string;
  /** Names of the graphs that run in it. */
  readonly graphs: readonly string[];
  /** When it began, in ISO 8601. */
  readonly startedAt: string;
  /** Where its inspector is; not there while it only waits for its signal. */
  readonly port?: number;
  /** What `/socket` and `/api` want; not there while it only waits for its signal. */
  readonly token?: string;
  /** The signal that opens it. */
  readonly signal?: 'SIGUSR2';
}

/** The folder of run files: only its user may look into it. */
export function runFolder(): string {
  return join(tmpdir(), `sluice-inspect-${userInfo().uid}`);
}

/**
 * Writes this process's file, anew if it is there. Only its user can read it.
 *
 * @throws SLUICE_INSPECTOR_RUN_FILE if the folder is somebody else's, or nothing can be written
 */
export function writeRunFile(file: RunFile): void {
  const folder = runFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    mustBeOwn(folder);
    const path = join(folder, `${file.pid}.json`);
    const fresh = `${path}.${process.hrtime.bigint()}`;
    writeFileSync(fresh, JSON.stringify(file), { mode: 0o600, flag: 'wx' });
    chmodSync(fresh, 0o600);
    renameSync(fresh, path);
  } catch (cause) {
    throw new SluiceError(
      'SLUICE_INSPECTOR_RUN_FILE',
      `this process cannot say in ${folder} that it can be inspected`,
      {
        expected: 'a folder of this user that nobody else may use',
        received: (cause as Error).message,
        fix: 'Remove that folder, set TMPDIR to one of your own, or give inspector() runFile: false',
        cause,
      },
    );
  }
}

export function removeRunFile(pid: number): void {
  rmSync(join(runFolder(), `${pid}.json`), { force: true });
}

/** The processes of this user that can be inspected now, the youngest first. Files of those that are gone are removed. */
export function listRunFiles(): RunFile[] {
  const files: RunFile[] = [];
  for (const name of namesIn(runFolder())) {
    const file = readRunFile(join(runFolder(), name));
    if (file === undefined) continue;
    if (isAlive(file.pid)) files.push(file);
    else removeRunFile(file.pid);
  }
  return files.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** The address of the page of a process, if its inspector is open. */
export function pageUrl({ port, token }: Pick<RunFile, 'port' | 'token'>): string | undefined {
  return port === undefined || token === undefined ? undefined : `http://127.0.0.1:${port}/#t=${token}`;
}

function namesIn(folder: string): string[] {
  try {
    mustBeOwn(folder);
    return readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

/** Another user could have made the folder, and would read tokens there. */
function mustBeOwn(folder: string): void {
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) throw new Error(`${folder} is no folder`);
  // Windows has neither: its folder for files of a while is the user's own.
  if (process.getuid === undefined) return;
  if (stat.uid !== process.getuid()) throw new Error(`${folder} belongs to another user`);
  if ((stat.mode & 0o077) !== 0) throw new Error(`${folder} can be used by others`);
}

function readRunFile(path: string): RunFile | undefined {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as RunFile;
    return Number.isInteger(file.pid) && Array.isArray(file.graphs) ? file : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
