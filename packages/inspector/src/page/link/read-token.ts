// What the page knows of the process: its socket and what came on it. Nothing is drawn here.

/** The token behind `#t=`, which no server ever sees in a request. */
export function readToken(hash: string): string | undefined {
  return /^#t=([\w-]+)$/.exec(hash)?.[1];
}
