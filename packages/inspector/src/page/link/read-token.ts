// What the page knows of the process: its socket and what came on it. Nothing is drawn here.

/** The token behind `#t=`, which no server ever sees in a request. */
export function readToken(hash: string): string | undefined {
  return /^#t=([\w-]+)$/.exec(hash)?.[1];
}

/** The token behind `#s=`: the page shows a session that its server has, and there is no process. */
export function readSessionToken(hash: string): string | undefined {
  return /^#s=([\w-]+)$/.exec(hash)?.[1];
}
