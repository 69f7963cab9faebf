import { realClock } from '@sluice/core';
import type { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';

/** An engine that was killed though it lived, or that died of itself. */
export interface FalseAlarm {
  readonly engine: number;
  readonly atMinute: number;
  readonly signal: string | null;
  readonly exitCode: number | null;
}

/** Kills engines, and tells the deaths that it did not make. */
export class EngineDeaths {
  readonly falseAlarms: FalseAlarm[] = [];
  readonly #killed = new Set<DeviceRegistry>();

  constructor(engines: readonly DeviceRegistry[]) {
    const start = realClock.now();
    for (const [engine, registry] of engines.entries())
      registry.host.onDown(({ signal, exitCode, failed }) => {
        if (failed || this.#killed.delete(registry)) return;
        this.falseAlarms.push({ engine, atMinute: (realClock.now() - start) / 60_000, signal, exitCode });
      });
  }

  kill(registry: DeviceRegistry): void {
    const { pid } = registry.host;
    // There is none at the moment; -1 would be every process of this user.
    if (pid <= 0) return;
    this.#killed.add(registry);
    process.kill(pid, 'SIGKILL');
  }
}
