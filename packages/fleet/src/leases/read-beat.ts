import type { Msg } from '@nats-io/transport-node';
import type { FleetConnection } from '../connection/fleet-connection.ts';
import type { WorkerBeat } from './worker-beat.ts';
import { workerTokens } from './worker-id.ts';

const FIGURES = ['bots', 'capacity', 'lagMs', 'cpu', 'memoryMb'] as const;
const LIMITS = ['lagMs', 'cpu', 'memoryMb'] as const;

/**
 * What a worker told of itself; undefined for what is no beat, and for one on a subject of another worker: the server lets each
 * publish on its own only, so that nobody speaks for others.
 */
export function readBeat(connection: FleetConnection, message: Msg): WorkerBeat | undefined {
  let beat: unknown;
  try {
    beat = message.json();
  } catch {
    return undefined;
  }
  if (!isBeat(beat)) return undefined;
  return message.subject === connection.subject('beats', ...workerTokens(beat.worker)) ? beat : undefined;
}

function isBeat(told: unknown): told is WorkerBeat {
  const { worker, revision, leaseMs, factories, load } = (told ?? {}) as Partial<WorkerBeat>;
  return (
    typeof worker === 'string' &&
    Number.isSafeInteger(revision) &&
    isAmount(leaseMs) &&
    leaseMs > 0 &&
    Array.isArray(factories) &&
    FIGURES.every((one) => isAmount(load?.[one])) &&
    isAmount(load?.stuck ?? 0) &&
    LIMITS.every((one) => isAmount(load?.limits?.[one]))
  );
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
