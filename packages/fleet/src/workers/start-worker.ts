import { FleetStore } from '../store/fleet-store.ts';
import { FleetWorker } from './fleet-worker.ts';
import { checkWorkerOptions, type WorkerOptions } from './worker-options.ts';

/**
 * Offers factories to a fleet from this process, and runs the bots of the jobs that it is given. It also places jobs, and sees to
 * those of workers that died: a fleet has no process but its workers.
 *
 * Without NATS its bots go on and none is started. When it is back, bots whose jobs others have taken meanwhile end.
 *
 * @throws TypeError for an option that is wrong; SluiceError as `connectNats`, `SLUICE_FLEET_JETSTREAM` and `SLUICE_FLEET_REPLICAS`
 * @example
 * await using worker = await startWorker({
 *   nats,
 *   capacity: 20,
 *   factories: { greeter: ({ input, lease }) => greeter(input.room, lease) },
 * });
 */
export async function startWorker(options: WorkerOptions): Promise<FleetWorker> {
  checkWorkerOptions(options);
  const worker = new FleetWorker(await FleetStore.open(options.nats, options.replicas), options);
  await worker.begin();
  return worker;
}
