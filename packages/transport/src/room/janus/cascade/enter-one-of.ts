import { type Clock, isSluiceError } from '@sluice/core';
import type { JanusClient } from '../wire/janus-client.ts';
import { type Choice, chooseServer } from './choose-server.ts';
import { Home } from './home.ts';
import { placeAmong } from './place-among.ts';

/** Until who was let in elsewhere first is present there as on all servers: it does not leave in between. Milliseconds. */
const STAYS_MS = 3_000;

export interface EnterOptions<T> {
  readonly servers: readonly URL[];
  readonly room: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly open: (where: Home) => Promise<JanusClient>;
  readonly enter: (client: JanusClient, where: Home) => Promise<T>;
  /** How many were in the room before us, by what we were let in with. */
  readonly othersIn: (entered: T) => number;
}

/** A room that was entered, and by which of its servers. */
export interface EnteredBy<T> {
  readonly client: JanusClient;
  readonly where: Home;
  readonly entered: T;
  /** Gives back what is left of the way in. */
  readonly forget: () => void;
}

/**
 * Enters a room on the one of its servers that the fewest publish to. One that is lost meanwhile is passed over, and those who come at
 * once are spread.
 *
 * @throws what the first one is refused with, if none answers; what the chosen one refuses.
 */
export async function enterOneOf<T>(options: EnterOptions<T>): Promise<EnteredBy<T>> {
  const { servers, room, clock, open, signal, enter } = options;
  for (let left = servers; ; ) {
    const choice = await chooseServer(left, room, clock, open);
    const { client, where } = choice;
    try {
      const entered = await enter(client, where);
      return await spread({ client, where, entered, forget: () => {} }, choice, options);
    } catch (error) {
      client.close();
      left = left.filter(({ host }) => host !== where.url.host);
      const isLost = isSluiceError(error) && error.code === 'SLUICE_ROOM_LOST';
      if (signal.aborted || !isLost || left.length === 0) throw error;
    }
  }
}

async function spread<T>(first: EnteredBy<T>, { used }: Choice, options: EnterOptions<T>): Promise<EnteredBy<T>> {
  const { servers, clock, open, enter, othersIn } = options;
  if (used.size < 2) return first;
  const { host } = first.where.url;
  const place = placeAmong(used, othersIn(first.entered) - (used.get(host) ?? 0));
  const url = servers.find((server) => server.host === place);
  if (url === undefined || place === host) return first;
  let client: JanusClient | undefined;
  try {
    const where = new Home(url);
    client = await open(where);
    const entered = await enter(client, where);
    const forget = () => {
      cancel();
      first.client.close();
    };
    const cancel = clock.at(clock.now() + STAYS_MS, forget);
    return { client, where, entered, forget };
  } catch {
    // The first one has let us in.
    client?.close();
    return first;
  }
}
