import { invalidArgument, outOfRange } from '@sluice/core';

/** How often a file is played in all: an option that is true for ever, false for once, or the number itself. */
export function checkLoop(loop: boolean | number): number {
  if (typeof loop === 'boolean') return loop ? Number.POSITIVE_INFINITY : 1;
  if (typeof loop !== 'number' || !(Number.isInteger(loop) || loop === Number.POSITIVE_INFINITY))
    throw invalidArgument('loop', 'true, false or how many times the file is played', loop);
  if (loop < 1) throw outOfRange('loop', '1 or more', loop);
  return loop;
}
