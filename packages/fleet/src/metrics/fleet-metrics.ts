import { type GraphMetric, metricsOf } from '@sluice/core';
import type { WorkerBeat } from '../leases/worker-beat.ts';
import {
  type BotFigures,
  botRows,
  type FleetFigures,
  fleetRows,
  fleetWorkerRows,
  workerRows,
} from './fleet-metric-rows.ts';

/** Figures of one worker and of its bots. */
export function workerMetrics(beat: WorkerBeat, bots: readonly BotFigures[]): readonly GraphMetric[] {
  const { worker } = beat;
  return [
    ...metricsOf(workerRows, [[{ worker }, beat]]),
    ...metricsOf(
      botRows,
      bots.map((bot) => [{ worker, job: bot.job, factory: bot.factory }, bot]),
    ),
  ];
}

/** Figures of a whole fleet, as whoever looks at it knows them. */
export function fleetMetrics(figures: FleetFigures): readonly GraphMetric[] {
  return [
    ...metricsOf(fleetRows, [[{}, figures]]),
    ...metricsOf(
      fleetWorkerRows,
      figures.workers.map((beat) => [{ worker: beat.worker }, beat]),
    ),
  ];
}
