import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A frame of a stack: the file, as a path or an address, and the line. */
const FRAME = /(?:\(|^\s*at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/]).+):(\d+):\d+\)?$/;
/** Where our packages lie, side by side; in a project that is a folder of `node_modules`. */
const PACKAGES = fileURLToPath(new URL('../../../../', import.meta.url));
/** Of what lies there, what is ours and no test of it. */
const OURS = /^[^\\/]+[\\/](?:src|dist)[\\/](?!.*\.test\.)/;

const lines = new WeakMap<Error, string | undefined>();

/**
 * Where an error comes from in the code of whoever uses sluice: `src/bot.ts:42`, seen from the working directory. Undefined
 * where no line of theirs is in its stack. Looked for once: a graph is inspected five times a second.
 */
export function faultLine(error: Error): string | undefined {
  if (!lines.has(error)) lines.set(error, lineIn(error));
  return lines.get(error);
}

/** What an error came from knows better than the one that was made of it. */
function lineIn(error: Error, depth = 0): string | undefined {
  const { cause, stack } = error;
  const deeper = cause instanceof Error && depth < 8 ? lineIn(cause, depth + 1) : undefined;
  return deeper ?? firstOfTheirs(stack ?? '');
}

function firstOfTheirs(stack: string): string | undefined {
  for (const frame of stack.split('\n')) {
    const [, place, line] = FRAME.exec(frame) ?? [];
    const file = place && pathOf(place);
    if (file === undefined || /[\\/]node_modules[\\/]/.test(file)) continue;
    if (file.startsWith(PACKAGES) && OURS.test(file.slice(PACKAGES.length))) continue;
    const near = relative(process.cwd(), file);
    return `${near.startsWith('..') ? file : near}:${line}`;
  }
  return undefined;
}

/** A stack is a text that anybody may have written. */
function pathOf(place: string): string | undefined {
  if (!place.startsWith('file:')) return place;
  try {
    return fileURLToPath(place);
  } catch {
    return undefined;
  }
}
