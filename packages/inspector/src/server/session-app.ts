import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import { guardedApp, servePage } from './guarded-app.ts';
import type { PageFile } from './page-files.ts';

export interface SessionAppOptions {
  /** The session that is shown. */
  readonly file: string;
  readonly token: string;
  readonly page: ReadonlyMap<string, PageFile>;
  /** Known once it listens. */
  readonly port: () => number;
}

/** The page, and behind the token the file that it shows. */
export function sessionApp({ file, token, page, port }: SessionAppOptions): Hono {
  const app = guardedApp({ behind: '/session', token, mark: '#s=', port });
  app.get('/session', async ({ body }) => {
    const { size } = await stat(file);
    const bytes = Readable.toWeb(createReadStream(file)) as ReadableStream;
    return body(bytes, 200, { 'content-type': 'application/octet-stream', 'content-length': `${size}` });
  });
  servePage(app, page);
  return app;
}
