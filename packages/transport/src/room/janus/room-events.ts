import { SluiceError } from '@sluice/core';
import type { EnteredRoom } from './enter-room.ts';
import { participantId } from './members/participant-card.ts';
import type { FeedId, Roster } from './members/roster.ts';
import type { JanusClient } from './wire/janus-client.ts';
import type { JanusHandle } from './wire/janus-handle.ts';
import type { PluginData } from './wire/janus-message.ts';

export interface RoomEventTaker {
  readonly entry: (value: unknown) => void;
  readonly unpublished: (feed: FeedId) => void;
  readonly left: (feed: FeedId, reason: 'left' | 'removed') => void;
  readonly talking: (feed: FeedId, mid: string | undefined, isTalking: boolean) => void;
  /** We are not in the room any more. */
  readonly over: (error: SluiceError) => void;
}

/** Takes one event of the VideoRoom apart. What it does not know, it passes over. */
export function takeRoomEvent(data: PluginData, taker: RoomEventTaker): void {
  for (const value of listOf(data.attendees)) taker.entry(value);
  for (const value of listOf(data.publishers)) taker.entry(value);
  if (data.joining !== undefined) taker.entry(data.joining);
  const { videoroom: kind, id, mid, display } = data;
  if ((kind === 'talking' || kind === 'stopped-talking') && isFeed(id))
    taker.talking(id, typeof mid === 'string' ? mid : undefined, kind === 'talking');
  // Somebody is called otherwise. In `joined` it is ourselves.
  if (kind === 'event' && isFeed(id) && display !== undefined) taker.entry({ id, display });
  if (isFeed(data.unpublished) && data.unpublished !== 'ok') taker.unpublished(data.unpublished);
  if (isFeed(data.kicked)) taker.left(data.kicked, 'removed');
  if (data.leaving === 'ok') {
    if (data.reason === 'kicked') taker.over(removed());
  } else if (isFeed(data.leaving)) taker.left(data.leaving, 'left');
  if (kind === 'destroyed')
    taker.over(
      new SluiceError('SLUICE_ROOM_LOST', 'the room was destroyed', {
        fix: 'Join again with ?create, or have the owner of the server make the room',
      }),
    );
}

/**
 * After a break nothing is repeated that was said meanwhile: looks who is there, and which tracks those have whom nobody told of.
 */
export async function catchUp(context: {
  readonly client: JanusClient;
  readonly handle: JanusHandle;
  readonly room: EnteredRoom;
  readonly roster: Roster;
  /** We are not in the room any more: who was removed during a break is not told. */
  readonly removed: (error: SluiceError) => void;
  readonly sources: (id: string, name: string) => boolean;
}): Promise<void> {
  const { client, handle, room, roster, sources, removed: over } = context;
  const { data } = await handle.ask({ request: 'listparticipants', room: room.room }, 'to tell who is there');
  const everybody = listOf(data.participants).filter(
    (one): one is { id: FeedId; display?: string; publisher?: boolean } => isEntry(one),
  );
  const present = everybody.filter(({ id }) => id !== room.feed);
  for (const feed of roster.feeds) if (!present.some(({ id }) => id === feed)) roster.left(feed, 'left');
  for (const { id, display, publisher } of present) {
    roster.take({ id, ...(display !== undefined && { display }) });
    const known = roster.get(participantId(id))?.tracks ?? [];
    if (publisher !== true || (known.length > 0 && known.every(({ name }) => sources(participantId(id), name))))
      continue;
    roster.take({ id, streams: await streamsOf(client, room, id) });
  }
  if (present.length === everybody.length) over(removed());
}

/** Nobody can be asked for the tracks of a publisher: one subscribes to all, reads what they are, and goes. */
async function streamsOf(client: JanusClient, room: EnteredRoom, feed: FeedId): Promise<unknown[]> {
  const handle = await client.attach();
  try {
    const body = { request: 'join', ptype: 'subscriber', room: room.room, private_id: room.joined.private_id };
    const { data } = await handle.ask({ ...body, streams: [{ feed }] }, 'to tell its tracks');
    return listOf(data.streams).map((value) => {
      const { type, feed_mid: mid, feed_description: description } = value as PluginData;
      // Of data it says no m-line.
      return { type, ...(mid !== undefined && { mid }), ...(description !== undefined && { description }) };
    });
  } catch {
    // Not connected yet: it will be told.
    return [];
  } finally {
    handle.detach();
  }
}

function removed(): SluiceError {
  return new SluiceError('SLUICE_ROOM_REMOVED', 'somebody removed this participant from the room', {
    fix: 'Ask who removed it before joining again',
  });
}

function isFeed(value: unknown): value is FeedId {
  return typeof value === 'string' || typeof value === 'number';
}

function isEntry(value: unknown): value is { readonly id: FeedId } {
  return typeof value === 'object' && value !== null && 'id' in value && isFeed(value.id);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
