import { PROTOCOL, roomOfPath } from '@sluice/protocol';
import { Hono } from 'hono';
import { type RequestPolicyOptions, requestFault } from '../protocol/request-policy.ts';
import { type PageOptions, pageRoute } from './page-route.ts';
import type { RestEnv } from './rest/rest-env.ts';
import { beginning, type RoomProperties } from './room-properties.ts';

export interface PlainRoutesOptions {
  readonly policy: RequestPolicyOptions;
  readonly page: PageOptions | false;
  /** What answers below `/v1`; undefined: nothing. */
  readonly rest?: Hono<RestEnv> | undefined;
  /** Of rooms that anyone may enter: how pages begin there. Undefined: nobody is told, as rooms have doors. */
  readonly properties?: ((room: string) => RoomProperties | undefined) | undefined;
}

/** Requests that are no sockets: health, the REST API, the page, and a word about each room. Answers no other origin. */
export function plainRoutes({ policy, page, rest, properties }: PlainRoutesOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { req } = context;
    const host = req.header('host') ?? new URL(req.url).host;
    const fault = requestFault({ host, origin: req.header('origin') }, policy);
    if (fault === 421) context.res = context.json({ code: 'host', message: 'this server has another name' }, fault);
    else if (fault === 403)
      context.res = context.json({ code: 'origin', message: 'not for pages of other origins' }, fault);
    else await next();
    context.header('X-Content-Type-Options', 'nosniff');
    // The page has a policy of its own.
    if (!context.res.headers.has('Content-Security-Policy'))
      context.header('Content-Security-Policy', "default-src 'none'");
  });
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  if (rest === undefined) app.all('/v1/*', (context) => context.json({ code: 'not-found' }, 404));
  else app.route('/v1', rest);
  if (page !== false) app.get('*', pageRoute(page));
  app.get('*', (context) => {
    const room = roomOfPath(context.req.path);
    if (room === undefined)
      return context.json({ service: 'sluice-room', protocol: PROTOCOL }, context.req.path === '/' ? 200 : 404);
    return context.json({ service: 'sluice-room', protocol: PROTOCOL, room, ...beginning(properties?.(room)) });
  });
  app.notFound((context) => context.json({ code: 'not-found' }, 404));
  app.onError((_, context) => context.json({ code: 'failed' }, 500));
  return app;
}
