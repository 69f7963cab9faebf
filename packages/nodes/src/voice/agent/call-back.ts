import { SluiceError, toError } from '@sluice/core';

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
    const { message } = toError(cause);
    process.emitWarning(new SluiceError('SLUICE_AGENT_HANDLER', `${name} of an agent threw: ${message}`, { cause }));
  }
}
