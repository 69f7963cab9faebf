/** Numbers that are taken of one object: a series each, and who watches pays for each. */
const MOST_NUMBERS = 200;
/** How deep is looked. */
const MOST_LEVELS = 6;

/**
 * The numbers in plain data by their paths, as `latencyMs.p50`, at most 200 of them; true is 1 and false 0. Texts are left out, and
 * lists: their places mean nothing to who watches over time.
 */
export function numbersIn(data: object): readonly (readonly [path: string, value: number])[] {
  const found: (readonly [string, number])[] = [];
  const look = (value: unknown, path: string, level: number): void => {
    if (found.length >= MOST_NUMBERS) return;
    if (typeof value === 'number') found.push([path, value]);
    else if (typeof value === 'boolean') found.push([path, Number(value)]);
    else if (typeof value === 'object' && value !== null && !Array.isArray(value) && level < MOST_LEVELS)
      for (const [key, inner] of Object.entries(value)) look(inner, path === '' ? key : `${path}.${key}`, level + 1);
  };
  look(data, '', 0);
  return found;
}
