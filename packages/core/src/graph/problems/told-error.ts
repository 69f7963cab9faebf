/** An error as far as problems tell of it: errors of sluice have a code, and say what to do. */
export type ToldError = Error & { readonly code?: unknown; readonly fix?: string; readonly nodeId?: string };

/** What happened, without what is to be done. */
export function messageOf({ message, fix }: ToldError): string {
  return fix !== undefined && message.endsWith(`. ${fix}`) ? message.slice(0, -fix.length - 2) : message;
}

/** The same behind the name of the node that it happened to: what says no more than that it did is left to what it came from. */
export function messageAt(node: string, error: ToldError): string {
  const { code, cause, nodeId } = error;
  if (code === 'SLUICE_NODE_FAILED' && nodeId === node && cause instanceof Error) return messageOf(cause);
  const message = messageOf(error);
  return message.startsWith(`${node}: `) ? message.slice(node.length + 2) : message;
}

/** What is to be done, and where more stands. */
export function adviceOf({ fix, code }: ToldError): { readonly fix?: string; readonly code?: string } {
  return {
    ...(fix === undefined ? {} : { fix: asFix(fix) }),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/** A sentence of advice as the rest of one; names stay as they are. */
export function asFix(advice: string): string {
  return /^[A-Z][a-z]* /.test(advice) ? `${advice.charAt(0).toLowerCase()}${advice.slice(1)}` : advice;
}
