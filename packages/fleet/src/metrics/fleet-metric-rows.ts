// What a fleet and its workers tell as figures: one table, from which names for OpenTelemetry and Prometheus follow.

import { type MetricRow, metricRows } from '@sluice/core';
import type { BotAccount } from '../accounts/bot-account.ts';
import type { WorkerBeat } from '../leases/worker-beat.ts';
import { fullness } from '../placing/worker-load.ts';
import { type JobRecord, jobStates } from '../store/job-record.ts';

/** What one bot takes, and which it is. */
export interface BotFigures extends BotAccount {
  /** The name of its job. */
  readonly job: string;
  /** The name of what built it. */
  readonly factory: string;
}

/** What is known of a whole fleet. */
export interface FleetFigures {
  readonly workers: readonly WorkerBeat[];
  readonly jobs: readonly JobRecord[];
}

const loadRows = (prefix: string): readonly MetricRow<WorkerBeat>[] =>
  metricRows('gauge', prefix)<WorkerBeat>(
    ['bots', '{bot}', 'Bots that run or start.', ({ load }) => load.bots],
    [
      'bots.stuck',
      '{bot}',
      'Bots that were stopped and aborted, and whose run() goes on: they have no place.',
      ({ load }) => load.stuck ?? 0,
    ],
    ['capacity', '{bot}', 'How many it takes.', ({ load }) => load.capacity],
    ['lag', 's', 'How late its event loop is, 90th percentile of half a second.', ({ load }) => load.lagMs / 1000],
    ['cpu', '1', 'Cores that it and its child processes use.', ({ load }) => load.cpu],
    ['memory', 'By', 'Resident memory of it and its child processes.', ({ load }) => load.memoryMb * 2 ** 20],
    [
      'fullness',
      '1',
      '1 takes no more, by what is scarcest, with bots that it has just begun.',
      ({ load }) => fullness(load),
    ],
    ['draining', '1', '1 while it gives its bots away.', ({ draining }) => Number(draining)],
  );

/** Of a worker, told by itself; label: `worker`. */
export const workerRows = loadRows('sluice.worker');

/** Of a bot, told by its worker; labels: `worker`, `job`, `factory`. */
export const botRows: readonly MetricRow<BotFigures>[] = [
  ...metricRows('gauge', 'sluice.bot')<BotFigures>(
    ['blocked', '{node}', 'Nodes that wait for a full link.', ({ blocked }) => blocked],
    ['queued', '{frame}', 'Frames that wait in its links.', ({ queuedFrames }) => queuedFrames],
    [
      'held.memory',
      'By',
      'Media that waits in its links and lies in its pools, and what it says that it holds.',
      ({ heldBytes }) => heldBytes,
    ],
    ['pool.memory', 'By', 'The part of it that lies in its pools.', ({ poolBytes }) => poolBytes],
    ['tracks', '{track}', 'Tracks of its calls, and those that it says it holds.', ({ tracks }) => tracks],
    ['devices', '{device}', 'Devices that it says it holds.', ({ devices }) => devices],
  ),
  ...metricRows(
    'counter',
    'sluice.bot',
  )<BotFigures>(['busy.duration', 's', 'Time of its actors on the event loop.', ({ busyMs }) => busyMs / 1000]),
];

/** Of a fleet, told by whoever looks at it. */
export const fleetRows: readonly MetricRow<FleetFigures>[] = metricRows('gauge', 'sluice.fleet')<FleetFigures>(
  ['workers', '{worker}', 'Workers that were heard within their lease.', ({ workers }) => workers.length],
  [
    'jobs',
    '{job}',
    'Jobs by state; those that are settled for an hour.',
    ({ jobs }) => jobStates.map((state) => ['state', state, jobs.filter((job) => job.state === state).length] as const),
  ],
  [
    'jobs.moving',
    '{job}',
    'Jobs whose next bot could not be made yet.',
    ({ jobs }) => jobs.filter(({ moveFailure }) => (moveFailure ?? null) !== null).length,
  ],
);

/** Of each worker of a fleet, told by whoever looks at it; label: `worker`. */
export const fleetWorkerRows = loadRows('sluice.fleet.worker');
