import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { checkKeys, invalidArgument, outOfRange, SluiceError } from '@sluice/core';
import { SessionReader } from '@sluice/core/session';
import { readPageFiles } from '../server/page-files.ts';
import { closeServer, portOf, serveOnLoopback } from '../server/serve-on-loopback.ts';
import { sessionApp } from '../server/session-app.ts';

/** Options of `showSession`. */
export interface ShowSessionOptions {
  /** Default: 0, any free port. Always on 127.0.0.1. */
  readonly port?: number;
}

/** A session that can be looked at. */
export interface ShownSession extends AsyncDisposable {
  /** The page, with the token behind `#`: who has it may look. */
  readonly url: string;
  /** The one that was found free where 0 was asked for. */
  readonly port: number;
  /** Ends it. The process stays alive until then. */
  close(): Promise<void>;
}

/**
 * Opens the inspector's page on a recorded session: the same page as of a running graph, with its whole length to go through. It
 * listens on 127.0.0.1 only, behind a token. Nothing is replayed, and no program is needed.
 *
 * @param file what `sluice run --record`, `recordInspection` or the page itself has written
 * @throws TypeError, RangeError for arguments (as rejections); what `SessionReader.open` throws for a file that is no session;
 *   `SLUICE_INSPECTOR_SESSION` for one that nobody looked at while it was recorded; `SLUICE_INSPECTOR_LISTEN`
 *
 * @example
 * await using shown = await showSession('call.sluice');
 * console.log(shown.url);
 */
export async function showSession(file: string, options: ShowSessionOptions = {}): Promise<ShownSession> {
  if (typeof file !== 'string') throw invalidArgument('file', 'the path of a session', file);
  checkKeys<ShowSessionOptions>('showSession', options, { port: true });
  const { port = 0 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw outOfRange('port', '0 to 65535', port);
  await mustBeSeen(file);
  const token = randomBytes(16).toString('base64url');
  const app = sessionApp({ file: resolve(file), token, page: await readPageFiles(), port: () => portOf(server) });
  const server = await serveOnLoopback(app.fetch, port);
  const close = () => closeServer(server);
  return {
    url: `http://127.0.0.1:${portOf(server)}/#s=${token}`,
    port: portOf(server),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The page shows moments: there has to be one. */
async function mustBeSeen(file: string): Promise<void> {
  await using reader = await SessionReader.open(file);
  for await (const { type, json } of reader)
    if (type === 'inspect' && (json.message as { readonly type?: unknown } | undefined)?.type === 'sample') return;
  throw new SluiceError(
    'SLUICE_INSPECTOR_SESSION',
    `nobody looked while ${file} was recorded: there is nothing to show`,
    {
      expected: 'a session with records of an inspector',
      fix: 'Record with sluice run --record where @sluice/inspector is installed, or call recordInspection; sluice replay runs this one again',
    },
  );
}
