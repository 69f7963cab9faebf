import { invalidArgument, outOfRange } from '@sluice/core';
import { createSecret, isRoomName } from '@sluice/protocol';
import { Hono } from 'hono';
import * as v from 'valibot';
import { readRoomProperties } from '../directory/room-fields.ts';
import type { ListedRoom } from '../directory/room-list.ts';
import { readFields } from '../read-fields.ts';
import { jsonBody } from './json-body.ts';
import type { RestEnv, RestRooms } from './rest-env.ts';
import { noRoom, RestFault } from './rest-fault.ts';

/** Most rooms in one answer. */
const PAGE_ROOMS = 100;

const created = v.object({
  name: v.exactOptional(v.pipe(v.string(), v.check(isRoomName, '1 to 128 of A-Z a-z 0-9 _ -'))),
  properties: v.exactOptional(v.unknown()),
});
const changed = v.object({ properties: v.unknown() });
const query = v.object({ limit: v.exactOptional(v.string()), startingAfter: v.exactOptional(v.string()) });
const foreignNames = { privacy: 'properties.private', starting_after: 'startingAfter', ending_before: 'startingAfter' };

/** `/v1/rooms`: making, reading, changing and ending rooms, and who is in them. */
export function roomRoutes({ list, running }: RestRooms): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  const shown = ({ name, createdAt, properties }: ListedRoom) => ({ name, createdAt, properties });

  app.get('/', ({ json, req, var: { caller } }) => {
    const { limit = String(PAGE_ROOMS), startingAfter } = readFields('query', query, req.query(), foreignNames);
    if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > PAGE_ROOMS)
      throw outOfRange('query.limit', `1 to ${PAGE_ROOMS}`, limit);
    const page = list.page(caller.tenant, Number(limit), startingAfter);
    if (page === undefined) throw invalidArgument('query.startingAfter', 'the name of a room', startingAfter);
    return json({ total: page.total, rooms: page.rooms.map(shown) });
  });

  app.post('/', async (context) => {
    const { name = createSecret().slice(0, 22), properties = {} } = readFields(
      'body',
      created,
      await jsonBody(context),
      foreignNames,
    );
    const read = readRoomProperties('body.properties', properties);
    const room = list.create(context.var.caller.tenant, name, read);
    if (room === 'taken') throw new RestFault('name-taken', 'choose another name, or none for a random one');
    if (room === 'full') throw new RestFault('too-many-rooms', 'delete rooms, or let them expire');
    // Somebody may be in it already, where every name is a room.
    running.changed(name);
    return context.json(shown(room), 201);
  });

  app.get('/:name', ({ json, req, var: { caller } }) => {
    const room = list.get(caller.tenant, req.param('name'));
    if (room === undefined) throw noRoom();
    return json(shown(room));
  });

  app.patch('/:name', async (context) => {
    const name = context.req.param('name');
    const before = list.get(context.var.caller.tenant, name);
    if (before === undefined) throw noRoom();
    const { properties } = readFields('body', changed, await jsonBody(context), foreignNames);
    const merged = merge(before.properties, properties);
    const room = list.replace(context.var.caller.tenant, name, readRoomProperties('body.properties', merged));
    // It may have been deleted while the body came.
    if (room === undefined) throw noRoom();
    running.changed(name);
    return context.json(shown(room));
  });

  app.delete('/:name', ({ json, req, var: { caller } }) => {
    const name = req.param('name');
    if (!list.delete(caller.tenant, name)) throw noRoom();
    running.end(name);
    return json({ name, deleted: true });
  });

  app.get('/:name/presence', ({ json, req, var: { caller } }) => {
    const name = req.param('name');
    if (!list.governs(caller.tenant, name)) throw noRoom();
    const participants = running.presence(name);
    return json({ total: participants.length, participants });
  });
  return app;
}

/** What is not named stays, null takes a property away. */
function merge(before: object, changes: unknown): unknown {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes)) return changes;
  return Object.fromEntries(
    Object.entries(before)
      .filter(([key]) => !Object.hasOwn(changes, key))
      .concat(Object.entries(changes).filter(([, value]) => value !== null)),
  );
}
