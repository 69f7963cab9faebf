import type { Problem } from './command.ts';
import { fold } from './fold.ts';

/** A problem for people, in a terminal of so many columns; what to do about it stands on a line of its own where one line is too short. */
export function toldProblem({ code, message, fix }: Problem, width: number): string {
  const head = code === undefined || message.startsWith(code) ? '' : `${code}: `;
  const told = `${head}${message}`;
  // Messages of sluice end with it.
  const isSaid = fix !== undefined && message.endsWith(` ${fix}`);
  if (fix === undefined || (isSaid && !told.includes('\n') && told.length <= width)) return `${fold(told, width)}\n`;
  const what = isSaid ? told.slice(0, -fix.length).trimEnd() : told;
  return `${fold(what, width)}\n${isSaid ? fold(`  ${fix}`, width) : `  ${fix}`}\n`;
}
