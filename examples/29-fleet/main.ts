// Bots in rooms over several processes, one of which is killed while they speak: three bots, or thirty with --big.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectNats, fleetTable, openFleet } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { Daily, startRoomServer } from '@sluice/transport';
import { say } from '../room.ts';
import { Ear } from './ear.ts';

const { values } = parseArgs({ options: { big: { type: 'boolean', default: false } } });
const size = values.big ? { bots: 30, rooms: 10, workers: 3 } : { bots: 3, rooms: 1, workers: 2 };

// Elsewhere both servers run already, and every process is told where.
const server = await startNats();
const roomServer = await startRoomServer();
const program = fileURLToPath(new URL('worker.ts', import.meta.url));
const processes = Array.from({ length: size.workers }, (_, i) => fork(program, [server.url, `worker-${i}`]));
const ids = await Promise.all(processes.map(async (child) => (await once(child, 'message'))[0] as string));

Daily.init();
const urls = Array.from({ length: size.rooms }, (_, i) => roomServer.roomUrl(`room-${i}`));
const ears = await Promise.all(urls.map((url) => Ear.join(url)));
const nats = await connectNats({ servers: server.url });
const fleet = await openFleet({ nats });
const jobs = await Promise.all(
  Array.from({ length: size.bots }, (_, i) =>
    fleet.dispatch('speaker', { room: urls[i % size.rooms] }, { job: `bot-${i}` }),
  ),
);
const earOf = (name: string) => ears[Number(name.slice('bot-'.length)) % size.rooms]!;
await Promise.all(jobs.map((job) => job.started()));
await Promise.all(jobs.map(({ name }) => earOf(name).hears(name)));
const running = await fleet.jobs();
say(fleetTable(fleet.workers, running));
// So that each has something to go on with.
await sleep(600);

const dying = ids.toSorted((a, b) => count(b) - count(a))[0]!;
const moved = jobs.filter(({ name }) => running.some(({ job, worker }) => job === name && worker === dying));
const at = performance.now();
processes[ids.indexOf(dying)]!.kill('SIGKILL');
say(`${dying} is killed, with ${moved.length} of ${size.bots} bots`);
await Promise.all(
  moved.map((job) => job.until(({ state, worker }) => state === 'running' && worker !== null && worker !== dying)),
);
await Promise.all(jobs.map(({ name }) => earOf(name).hears(name)));
say(`all ${size.bots} bots are heard again after ${((performance.now() - at) / 1000).toFixed(1)} s`);
for (const { name } of moved) {
  const went = (await fleet.job(name).logs()).findLast(({ line }) => line.startsWith('goes on'));
  say(`${name} ${went?.line}`);
}

await Promise.all(jobs.map((job) => job.cancel()));
for (const child of processes) child.kill('SIGTERM');
for (const ear of ears) await ear.leave();
await fleet.close();
await nats.close();
await Daily.deinit();
await roomServer.close();
await server.close();

function count(worker: string): number {
  return running.filter((job) => job.worker === worker).length;
}
