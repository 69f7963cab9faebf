import { SluiceError } from '@sluice/core';
import type { RoomParticipant } from '../../driver.ts';

/** What somebody said during a break of our signalling, which its card does not have any more. */
export function missedMessages({ id, userName }: RoomParticipant, count: number): SluiceError {
  return new SluiceError('SLUICE_ROOM_MISSED', `messages of ${userName || id} were lost during a break`, {
    expected: 'at most 20 messages, or 8 KiB, while the signalling is away',
    received: `${count} more`,
    fix: 'Ask it to say again what matters; some of them may have been for others',
  });
}
