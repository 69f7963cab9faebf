import { checkKeys, invalidArgument } from '@sluice/core';

/** How often the next bot of a job is tried for while the one before speaks on. */
export interface MoveOptions {
  /** Default 5. */
  readonly tries?: number;
  /** Before the second try, in milliseconds; twice as long before each further one, up to 5 s. Default 500. */
  readonly pauseMs?: number;
}

/** Shorter than what is taken for a job that nobody put into the queue. */
const LONGEST_PAUSE_MS = 5000;

/** Refuses what is wrong at once. @throws TypeError */
export function checkMoves(moves: MoveOptions): Required<MoveOptions> {
  checkKeys<MoveOptions>('startWorker.moves', moves, { tries: true, pauseMs: true });
  const { tries = 5, pauseMs = 500 } = moves;
  if (!Number.isSafeInteger(tries) || tries < 1 || tries > 100)
    throw invalidArgument('startWorker.moves.tries', 'an integer from 1 to 100', tries);
  if (!(pauseMs > 0 && pauseMs <= LONGEST_PAUSE_MS))
    throw invalidArgument('startWorker.moves.pauseMs', `a number above 0, ${LONGEST_PAUSE_MS} at most`, pauseMs);
  return { tries, pauseMs };
}

/** How long to wait after so many failures, in milliseconds. */
export function movePause({ pauseMs }: Required<MoveOptions>, failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** (failures - 1));
}
