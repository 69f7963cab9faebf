import { Hono } from 'hono';
import { SERVER_TENANT } from '../directory/room-list.ts';
import { jsonBody } from './json-body.ts';
import type { RestEnv, RestRooms } from './rest-env.ts';
import { noRoom, RestFault } from './rest-fault.ts';

/** `/v1/meeting-tokens`: mints tokens for rooms of the caller. */
export function tokenRoutes({ list, mint }: RestRooms): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  app.post('/', async (context) => {
    if (mint === undefined) throw new RestFault('unavailable', 'this server mints no tokens');
    const { tenant } = context.var.caller;
    const wish = await jsonBody(context);
    const room = typeof wish === 'object' && wish !== null && 'room' in wish ? wish.room : undefined;
    // Every room is more than any tenant but the server's own has.
    const governed =
      room === undefined ? tenant === SERVER_TENANT : typeof room !== 'string' || list.governs(tenant, room);
    if (!governed) throw noRoom();
    return context.json(await mint(wish as object), 201);
  });
  return app;
}
