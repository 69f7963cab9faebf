// Processes of this user that show their graphs: found, opened, and what they tell in figures. Nothing that prints.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunFile } from '@sluice/inspector';
import { notInstalled, wrongUsage } from '../errors.ts';
import type { Outcome, Problem } from '../terms/command.ts';

/** How long a process may take to open its page after its signal, in milliseconds. */
const OPENS_WITHIN_MS = 5_000;

/** One whose inspector listens. */
export interface OpenProcess {
  readonly file: RunFile;
  readonly url: string;
}

/** Why a process is not open. */
export interface NotOpen {
  readonly problem: Problem;
  readonly next?: string;
}

/** @throws SLUICE_CLI_ENVIRONMENT where it is not installed */
export async function loadInspector() {
  try {
    return await import('@sluice/inspector');
  } catch (error) {
    throw notInstalled('@sluice/inspector is not installed', 'npm install --save-dev @sluice/inspector', error);
  }
}

/**
 * Finds a process, and opens its inspector if it waits for its signal. Without a number: the only one that is there.
 *
 * @throws SLUICE_CLI_USAGE for what is no number
 */
export async function openProcess(pid: string | undefined): Promise<OpenProcess | NotOpen> {
  if (pid !== undefined && !/^\d+$/.test(pid))
    throw wrongUsage(`a process has a number, and ${pid} is none`, 'sluice inspect');
  const { listRunFiles, pageUrl } = await loadInspector();
  const files = listRunFiles();
  if (pid === undefined && files.length > 1)
    return {
      problem: { message: `${files.length} processes can be looked at: ${files.map(({ pid }) => pid).join(', ')}` },
      next: 'sluice inspect',
    };
  const find = () => listRunFiles().find((file) => pid === undefined || `${file.pid}` === pid);
  const found = find();
  if (found === undefined) {
    const message = `no process${pid === undefined ? '' : ` ${pid}`} of yours can be looked at`;
    return { problem: { message, fix: 'SLUICE_INSPECT=1 node <program>' }, next: 'sluice inspect' };
  }
  const file = pageUrl(found) === undefined ? await woken(found, find) : found;
  const url = file && pageUrl(file);
  if (file === undefined || url === undefined)
    return { problem: { message: `process ${found.pid} does not open its page` } };
  return { file, url };
}

/** What a command answers where it is not. */
export function notOpened({ problem, next }: NotOpen): Outcome {
  return { ok: false, result: null, text: '', problems: [problem], ...(next === undefined ? {} : { next }) };
}

/** Opens the page of a process that waits for its signal, and only of one that says so. */
async function woken(file: RunFile, find: () => RunFile | undefined): Promise<RunFile | undefined> {
  if (file.signal === undefined) return undefined;
  process.kill(file.pid, file.signal);
  for (let waitedMs = 0; waitedMs < OPENS_WITHIN_MS; waitedMs += 50) {
    await sleep(50);
    const now = find();
    if (now?.port !== undefined) return now;
  }
  return undefined;
}
