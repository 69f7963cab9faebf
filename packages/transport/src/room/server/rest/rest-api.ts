// The REST API of a room server: who asks with which key, how often and how much, rooms, presence and tokens. Knows no
// socket and no member; what it shows of a room it asks of the server.

import type { Clock } from '@sluice/core';
import { createId } from '@sluice/protocol';
import { type Context, Hono } from 'hono';
import type { Logger } from '../../../logger.ts';
import type { ApiKeys } from './api-keys.ts';
import { limitBody } from './json-body.ts';
import { RequestBudget } from './request-budget.ts';
import type { RestEnv, RestRooms } from './rest-env.ts';
import { RestFault } from './rest-fault.ts';
import { roomRoutes } from './room-routes.ts';
import { tokenRoutes } from './token-routes.ts';

/** Requests of one key in a minute. */
const PER_MINUTE = 60;

export interface RestApiOptions extends RestRooms {
  readonly keys: ApiKeys;
  readonly clock: Clock;
  /** Is told what failed, by the id of the request. */
  readonly logger?: Logger | undefined;
  /** Is told the status of each answer. */
  readonly answered?: ((status: number) => void) | undefined;
}

/** The routes below `/v1`. Every answer is JSON, and one that failed is `{ code, message, requestId }`. */
export function restApi({ keys, clock, logger, answered, ...rooms }: RestApiOptions): Hono<RestEnv> {
  const budgets = Array.from({ length: keys.size }, () => new RequestBudget(clock, PER_MINUTE));
  const app = new Hono<RestEnv>();
  app.use(async (context, next) => {
    context.set('requestId', createId());
    await next();
    context.header('X-Request-Id', context.var.requestId);
    context.header('Cache-Control', 'no-store');
    answered?.(context.res.status);
  });
  app.use(async (context, next) => {
    const caller = keys.callerOf(context.req.header('authorization'));
    if (caller === undefined)
      throw new RestFault('unauthorized', 'say authorization: Bearer and an API key of this server', {
        'www-authenticate': 'Bearer',
      });
    context.set('caller', caller);
    const waitSeconds = budgets[caller.key]!.take();
    if (waitSeconds > 0)
      throw new RestFault('rate', `a key has ${PER_MINUTE} requests a minute`, { 'retry-after': String(waitSeconds) });
    await next();
  });
  app.use(limitBody);
  app.route('/rooms', roomRoutes(rooms));
  app.route('/meeting-tokens', tokenRoutes(rooms));
  app.notFound((context) => answer(context, new RestFault('not-found', 'there is nothing at this path')));
  app.onError((error, context) => {
    const fault = faultOf(error);
    if (fault.code === 'failed') logger?.error({ requestId: context.var.requestId, error }, 'a REST request failed');
    return answer(context, fault);
  });
  return app;
}

function answer(context: Context<RestEnv>, { code, message, status, headers }: RestFault) {
  return context.json({ code, message, requestId: context.var.requestId }, status, { ...headers });
}

function faultOf(error: Error): RestFault {
  if (error instanceof RestFault) return error;
  // Our checks of arguments say what to do; what anything else says stays here.
  if ('code' in error && (error.code === 'SLUICE_INVALID_ARGUMENT' || error.code === 'SLUICE_OUT_OF_RANGE'))
    return new RestFault('invalid', error.message);
  return new RestFault('failed', 'the server could not do this; its log says why, by the id of the request');
}
