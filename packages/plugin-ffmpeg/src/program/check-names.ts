import { invalidArgument } from '@sluice/core';

/** What ffmpeg is told by these names would be options if they began with a hyphen. */
export function checkNames(who: string, names: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(names))
    if (value !== undefined && (typeof value !== 'string' || !/^[^-\0][^\0]*$/.test(value)))
      throw invalidArgument(`${who}.${name}`, 'a name that does not begin with a hyphen', value);
}
