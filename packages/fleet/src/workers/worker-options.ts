import { checkKeys, invalidArgument } from '@sluice/core';
import { checkLimits } from '../accounts/bot-limits.ts';
import { checkMs } from '../connection/check-ms.ts';
import { FleetConnection } from '../connection/fleet-connection.ts';
import { checkName } from '../connection/tenant-name.ts';
import type { BotCost } from '../placing/load-forecast.ts';
import type { LoadLimits } from '../placing/worker-load.ts';
import { checkReplicas, type ReplicaCount } from '../store/make-streams.ts';
import type { BotFactory, LimitedFactory } from './bot.ts';
import { checkMoves, type MoveOptions } from './move-options.ts';

/** What a worker offers. */
export interface WorkerOptions {
  /** Closing it is the caller's, after the worker. */
  readonly nats: FleetConnection;
  /** What builds bots, by name; with what they are expected to take, and may. */
  // biome-ignore lint/suspicious/noExplicitAny: each factory takes an input of its own, which comes as JSON.
  readonly factories: Readonly<Record<string, BotFactory<any> | LimitedFactory<any>>>;
  /** How many bots at once. Default 10. */
  readonly capacity?: number;
  /** The first part of its id. Default `worker`. */
  readonly name?: string;
  /** Beyond what load it takes no job. */
  readonly limits?: Partial<LoadLimits>;
  /** How long a factory may take, in milliseconds. Default 15,000. */
  readonly startMs?: number;
  /**
   * How long after its last word its bots are started elsewhere, in milliseconds, from 200 to 60,000: a worker that stands still for
   * so long loses them. It speaks four times as often. Default 2,000.
   */
  readonly leaseMs?: number;
  /**
   * How many servers of a cluster keep jobs, leases and what bots keep: 1, 3 or 5. What is there is changed, so give all the same.
   * Default as it is there, and one where nothing is.
   */
  readonly replicas?: ReplicaCount;
  /** How often the next bot of a job that moves is tried for here. */
  readonly moves?: MoveOptions;
}

/** Refuses what is wrong at once. @throws TypeError */
export function checkWorkerOptions(options: WorkerOptions): void {
  checkKeys<WorkerOptions>('startWorker', options, {
    nats: true,
    factories: true,
    capacity: true,
    name: true,
    limits: true,
    startMs: true,
    moves: true,
    leaseMs: true,
    replicas: true,
  });
  const {
    nats,
    factories,
    capacity = 1,
    name = 'worker',
    limits = {},
    startMs = 1,
    moves = {},
    leaseMs = 2000,
  } = options;
  if (!(nats instanceof FleetConnection)) throw invalidArgument('startWorker.nats', 'what connectNats gives', nats);
  checkName('startWorker.name', name);
  if (typeof factories !== 'object' || factories === null || Object.keys(factories).length === 0)
    throw invalidArgument('startWorker.factories', 'an object with a factory for each name', factories);
  for (const [one, factory] of Object.entries(factories)) {
    checkName('startWorker.factories', one);
    checkFactory(`startWorker.factories.${one}`, factory);
  }
  if (!Number.isSafeInteger(capacity) || capacity < 1 || capacity > 10_000)
    throw invalidArgument('startWorker.capacity', 'an integer from 1 to 10000', capacity);
  checkMoves(moves);
  checkReplicas('startWorker.replicas', options.replicas);
  checkMs('startWorker.leaseMs', leaseMs, 200, 60_000);
  checkMs('startWorker.startMs', startMs);
  checkKeys<LoadLimits>('startWorker.limits', limits, { lagMs: true, cpu: true, memoryMb: true });
  for (const [one, limit] of Object.entries(limits))
    if (!(typeof limit === 'number' && limit > 0))
      throw invalidArgument(`startWorker.limits.${one}`, 'a number above 0', limit);
}

function checkFactory(name: string, factory: BotFactory | LimitedFactory): void {
  if (typeof factory === 'function') return;
  if (typeof factory?.build !== 'function')
    throw invalidArgument(name, 'a function, or { build, limits, cost }', factory);
  checkKeys<LimitedFactory>(name, factory, { build: true, limits: true, cost: true });
  const { limits = {}, cost = {} } = factory;
  checkLimits(`${name}.limits`, limits);
  checkKeys<BotCost>(`${name}.cost`, cost, { lagMs: true, cpu: true, memoryMb: true });
  for (const [one, amount] of Object.entries(cost))
    if (!(Number.isFinite(amount) && amount >= 0))
      throw invalidArgument(`${name}.cost.${one}`, 'a number from 0', amount);
}
