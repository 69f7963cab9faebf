import type { Cancel, Clock, SluiceError } from '@sluice/core';
import { ownerOf } from '../members/feed-role.ts';
import type { JanusClient } from '../wire/janus-client.ts';
import { isJanusCode } from '../wire/janus-errors.ts';
import { Home } from './home.ts';
import { placeAmong } from './place-among.ts';
import { refusedBy } from './refused-by.ts';

/** How long the other servers are waited for once one has answered, in milliseconds. */
const OTHERS_WITHIN_MS = 1_000;
const NO_SUCH_ROOM = 426;

interface Answer {
  readonly where: Home;
  readonly client: JanusClient;
  /** How many publish to it. */
  readonly used: number;
}

/** The server that was chosen. */
export interface Choice extends Omit<Answer, 'used'> {
  /** How many publish to each that has answered, by host and port. */
  readonly used: ReadonlyMap<string, number>;
}

/**
 * The server of a room that the fewest have chosen; of equal ones the same for all. One that does not answer, or is of no use, is passed
 * over: our outpost there tells of it.
 *
 * @throws what the first one is refused with, if none answers.
 */
export async function chooseServer(
  servers: readonly URL[],
  room: string,
  clock: Clock,
  open: (where: Home) => Promise<JanusClient>,
): Promise<Choice> {
  const [only] = servers;
  if (only !== undefined && servers.length === 1) {
    const where = new Home(only);
    return { where, client: await open(where), used: new Map() };
  }
  const answers: Answer[] = [];
  let chosen: Answer | undefined;
  const tries = servers.map(async (url) => {
    const where = new Home(url);
    const client = await open(where);
    try {
      answers.push({ where, client, used: await usersOf(client, room).catch(refusedBy(url, room)) });
    } catch (error) {
      client.close();
      throw error;
    }
    // Somebody was faster.
    if (chosen !== undefined) client.close();
  });
  const all = Promise.allSettled(tries);
  await Promise.any(tries).catch(async () => {
    const [first] = await all;
    throw (first as PromiseRejectedResult).reason as SluiceError;
  });
  let cancel: Cancel = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.at(clock.now() + OTHERS_WITHIN_MS, resolve);
  });
  await Promise.race([all, late]);
  cancel();
  const used = new Map(answers.map((one) => [one.where.url.host, one.used]));
  const place = placeAmong(used, 0);
  chosen = answers.find(({ where }) => where.url.host === place)!;
  for (const { client } of answers) if (client !== chosen.client) client.close();
  return { ...chosen, used };
}

async function usersOf(client: JanusClient, room: string): Promise<number> {
  const handle = await client.attach();
  try {
    const { data } = await handle.ask({ request: 'listparticipants', room }, 'to tell who is there');
    const present: unknown[] = Array.isArray(data.participants) ? data.participants : [];
    return publishersIn(present);
  } catch (error) {
    if (!isJanusCode(error, NO_SUCH_ROOM)) throw error;
    return 0;
  } finally {
    handle.detach();
  }
}

/** How many of these are there to publish, and not by a presence or media of another server. */
export function publishersIn(entries: readonly unknown[]): number {
  return entries.filter((one) => {
    const { id } = (one ?? {}) as { readonly id?: unknown };
    return typeof id === 'string' && ownerOf(id) === id;
  }).length;
}
