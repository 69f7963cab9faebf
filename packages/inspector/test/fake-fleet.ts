import type { InspectedFleet, InspectedJob, InspectedWorker } from '../src/index.ts';

const limits = { lagMs: 100, cpu: 0.85, memoryMb: 2_048 };

function worker(name: string, load: Partial<InspectedWorker['load']>, draining = false): InspectedWorker {
  const idle = { bots: 0, capacity: 4, lagMs: 1.4, cpu: 0.02, memoryMb: 96, limits };
  return { worker: name, factories: ['greeter'], draining, load: { ...idle, ...load } };
}

/** A job that has been in its state for a minute. What it was given is nobody's who looks. */
function job(
  name: string,
  state: string,
  more: Partial<InspectedJob> = {},
): InspectedJob & { readonly input: unknown } {
  const of = { factory: 'greeter', worker: null, from: null, tries: 1, losses: 0, moveFailure: null, error: null };
  return { job: name, state, at: Date.now() - 60_000, ...of, ...more, input: { password: 'hush' } };
}

/** A fleet of three workers, of which one is full and one drains. */
export class FakeFleet implements InspectedFleet {
  /** What the next reading of its jobs does. */
  reads: 'answer' | 'refuse' | 'wait' = 'answer';
  asked = 0;
  more: readonly InspectedJob[] = [];

  get workers(): readonly InspectedWorker[] {
    return [
      worker('worker-b', { bots: 4, lagMs: 12, cpu: 0.71, memoryMb: 310 }),
      worker('worker-a', { bots: 1, cpu: 0.14, memoryMb: 140 }),
      worker('worker-c', { bots: 1, lagMs: 31, cpu: 0.3, memoryMb: 1_900 }, true),
    ];
  }

  async jobs(): Promise<readonly InspectedJob[]> {
    this.asked++;
    if (this.reads === 'refuse') throw new Error('NATS is away');
    if (this.reads === 'wait') return new Promise(() => {});
    return [
      job('done', 'ended'),
      ...['lobby', 'kitchen', 'attic', 'cellar'].map((room) => job(room, 'running', { worker: 'worker-b' })),
      job('hall', 'running', { worker: 'worker-a', from: 'worker-c' }),
      job('garden', 'queued', { tries: 0 }),
      job('tower', 'failed', {
        losses: 3,
        error: { code: 'SLUICE_JOB_LOST', message: 'three workers died with it, each within a minute' },
      }),
      ...this.more,
    ];
  }
}

export { job as fakeJob };
