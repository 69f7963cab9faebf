import { SluiceError } from '@sluice/core';
import { Hono } from 'hono';
import { bearerOf, doorFault, isToken } from './doors.ts';
import type { PageFile } from './page-files.ts';
import { safeHeaders } from './safe-headers.ts';

/** What an app is guarded by. */
export interface GuardedAppOptions {
  /** Paths that need it. */
  readonly behind: string;
  readonly token: string;
  /** What stands before the token in the address of the page. */
  readonly mark: string;
  /** Known once it listens. */
  readonly port: () => number;
}

/** An app whose answers a page of another origin cannot read, and of which some paths need the token. */
export function guardedApp({ behind, token, mark, port }: GuardedAppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { req } = context;
    for (const [name, value] of Object.entries(safeHeaders(port()))) context.header(name, value);
    const fault = doorFault({ host: req.header('host'), origin: req.header('origin') }, port());
    if (fault !== undefined) return context.body(null, fault);
    await next();
  });
  app.use(behind, async (context, next) => {
    if (isToken(bearerOf(context.req.header('authorization')), token)) return next();
    const fix = `Send Authorization: Bearer and what stands behind ${mark} in its address`;
    const { code, message } = new SluiceError('SLUICE_INSPECTOR_DENIED', 'this needs the token', { fix });
    return context.json({ code, message }, 401);
  });
  return app;
}

/** Serves the page to whoever comes, on all paths that nothing else has. */
export function servePage(app: Hono, page: ReadonlyMap<string, PageFile>): void {
  app.get('*', (context) => {
    const file = page.get(context.req.path);
    if (file === undefined) return context.body(null, 404);
    return context.body(file.bytes, 200, { 'content-type': file.type });
  });
}
