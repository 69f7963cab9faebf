import { talk } from './talk.ts';

/** The same program after a change. */
export default talk(undefined as never, { gain: 1.5 }, 20);
