import { SluiceError, toError } from '@sluice/core';
import type { NodesErrorCode } from '../../errors.ts';

/**
 * Calls what a user gave an agent to be told by. What it throws is a warning of the process: it is called from within the
 * graph, and neither the conversation nor its people have done anything wrong.
 */
export function callBack<Told extends readonly unknown[]>(
  name: string,
  callback: ((...told: Told) => void) | undefined,
  ...told: Told
): void {
  try {
    callback?.(...told);
  } catch (cause) {
    const code: NodesErrorCode = 'SLUICE_AGENT_HANDLER';
    process.emitWarning(new SluiceError(code, `${name} of an agent threw: ${toError(cause).message}`, { cause }));
  }
}
