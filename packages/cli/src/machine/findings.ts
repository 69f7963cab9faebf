// What a command finds out about this machine: one thing each, with the command that mends or shows it. No call is made here.

import { once } from 'node:events';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { PLUGIN_CONTRACT } from '@sluice/core';
import { listPlugins } from '@sluice/core/plugins';
import { showing } from './showing.ts';

export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly told: string;
  /** One command that mends it, or shows who is in the way. */
  readonly fix?: string;
}

const MIB = 2 ** 20;
/** Less free memory than this does not hold an engine and a few calls. */
const LEAST_MIB = 256;
/** Less room than this holds no hour and a half of a recording in stereo, nor what npm installs. */
const LEAST_DISK_MIB = 1_024;
/** Sound comes in pieces of 10 ms; a timer that is later than this cannot keep them in time. */
const LATE_MS = 50;
const KEYS = 'OPENAI_API_KEY DEEPGRAM_API_KEY ELEVENLABS_API_KEY SLUICE_SECRET SLUICE_API_KEY'.split(' ');

export function nodeLine(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: 'node', ok, told: `${version}; 20.19 or newer is needed`, ...(ok ? {} : { fix: 'nvm install 22' }) };
}

/** What this process may still take: of a container that is less than the machine has. */
export function memory(free = process.availableMemory?.() ?? freemem()): Finding {
  const told = `${Math.round(free / MIB)} MiB free of ${Math.round(totalmem() / MIB)}`;
  const ok = free >= LEAST_MIB * MIB;
  return { name: 'memory', ok, told, ...(ok ? {} : { fix: showing('memory') }) };
}

/** Whether there is room for what is recorded into a folder. */
export async function disk(folder: string, least = LEAST_DISK_MIB): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / MIB);
  const ok = free >= least;
  return { name: 'disk', ok, told: `${free} MiB free in ${folder}`, ...(ok ? {} : { fix: showing('disk') }) };
}

/** Whether a room server can listen where it does by default. */
export async function port(number: number): Promise<Finding> {
  const name = 'port';
  const server = createServer();
  try {
    server.listen(number, '127.0.0.1');
    await once(server, 'listening');
    return { name, ok: true, told: `${number} is free` };
  } catch (error) {
    const told = `${number} is taken or not allowed (${(error as NodeJS.ErrnoException).code})`;
    return { name, ok: false, told, fix: 'npx sluice room --port 0' };
  } finally {
    server.close();
  }
}

/** How late timers of 10 ms are, over half a second. */
export async function timers(): Promise<Finding> {
  const late: number[] = [];
  for (let count = 0; count < 50; count++) {
    const due = performance.now() + 10;
    await sleep(10);
    late.push(performance.now() - due);
  }
  late.sort((a, b) => a - b);
  const [median, worst] = [late[25]!, late[49]!];
  const ok = median < LATE_MS;
  const told = `${median.toFixed(1)} ms late, ${worst.toFixed(1)} ms at worst`;
  return { name: 'timers', ok, told, ...(ok ? {} : { fix: showing('processor') }) };
}

/** Whether the plugins around a folder are made for this core. */
export async function contracts(folder: string): Promise<Finding> {
  const plugins = await listPlugins(folder);
  const wrong = plugins.filter(({ contract, fault }) => fault !== undefined || contract !== PLUGIN_CONTRACT);
  const name = 'plugins';
  if (wrong.length === 0) return { name, ok: true, told: `${plugins.length}, of contract ${PLUGIN_CONTRACT}` };
  const why = wrong.map(({ name, contract, fault }) => `${name}: ${fault ?? `contract ${contract}`}`).join('; ');
  return { name, ok: false, told: why, fix: `npm install ${wrong.map(({ name }) => `${name}@latest`).join(' ')}` };
}

/** Which keys are there; never what they are. None is needed. */
export function envKeys(env: Readonly<Record<string, string | undefined>>): Finding {
  const there = KEYS.filter((key) => env[key] !== undefined && env[key] !== '');
  const told = there.length === 0 ? `none of ${KEYS.join(', ')}; none is needed` : `set: ${there.join(', ')}`;
  return { name: 'keys', ok: true, told };
}
