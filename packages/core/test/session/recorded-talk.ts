import { talk } from './talk.ts';

/** The program of a session whose outside is gone. */
export const program = talk(undefined as never, {}, 20);
