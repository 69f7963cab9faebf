import type { FeedId } from './members/roster.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

/**
 * Has the server remove somebody, whose media ends with it.
 *
 * @param room as the server has it.
 * @throws what the server refuses it with: 433 for another secret, 428 for who is gone.
 */
export async function kick(handle: JanusHandle, room: string | number, secret: string, id: FeedId): Promise<void> {
  await handle.ask({ request: 'kick', room, secret, id }, 'to remove a participant');
}
