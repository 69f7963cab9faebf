import { invalidArgument } from '@sluice/core';
import type { Rgba } from '../kernels/video/paint.ts';

/** `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`: red, green, blue and opacity in hexadecimal digits. Or a name. */
export type Color = `#${string}` | 'black' | 'white' | 'transparent';

const named: Readonly<Record<string, string>> = { black: '#000', white: '#fff', transparent: '#0000' };
const pattern = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/;

/** Reads a `Color`; throws naming the option for anything else. */
export function parseColor(name: string, value: unknown): Rgba {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  const color = (Object.hasOwn(named, text) ? named[text] : undefined) ?? text;
  if (!pattern.test(color))
    throw invalidArgument(name, 'a colour as #rrggbb, #rrggbbaa, black, white or transparent', value);
  const digits = color.length <= 5 ? color.replace(/[^#]/g, '$&$&') : color;
  const part = (index: number) => Number.parseInt(digits.slice(2 * index + 1, 2 * index + 3), 16);
  return [part(0), part(1), part(2), digits.length > 7 ? part(3) : 255];
}
