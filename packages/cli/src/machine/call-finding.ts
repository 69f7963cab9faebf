import { isSluiceError } from '@sluice/core';
import type { Finding } from './findings.ts';
import type { OwnTone } from './hear-oneself.ts';
import { showing } from './showing.ts';

/** How long the call to oneself may take. */
const CALL_MS = 5_000;

/** Whether a call to oneself is heard, or what to do. */
export async function callFinding(
  hear: (signal: AbortSignal) => Promise<OwnTone>,
  withinMs: number = CALL_MS,
): Promise<Finding> {
  const name = 'call';
  const begun = performance.eventLoopUtilization();
  try {
    const { latencyMs, hz, totalMs } = await hear(AbortSignal.timeout(withinMs));
    return { name, ok: true, told: `heard its own ${hz} Hz after ${latencyMs} ms (${totalMs} ms with the call)` };
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind !== 'AbortError' && kind !== 'TimeoutError') return { name, ok: false, told: message, fix: fixFor(error) };
    // Who had no time to listen does not know whether something came.
    const isBusy = performance.eventLoopUtilization(begun).utilization > 0.9;
    const told = `no tone came back within ${withinMs} ms${isBusy ? '; this machine had no time to listen' : ''}`;
    return { name, ok: false, told, fix: showing(isBusy ? 'processor' : 'firewall') };
  }
}

function fixFor(error: unknown): string {
  if (!isSluiceError(error)) return 'npx sluice docs troubleshooting';
  if (error.code === 'SLUICE_CLI_ENVIRONMENT') return 'npm install @sluice/transport';
  if (error.code === 'SLUICE_HOST_UNAVAILABLE') return 'npm install @sluice/transport @roamhq/wrtc';
  return `npx sluice explain ${error.code}`;
}
