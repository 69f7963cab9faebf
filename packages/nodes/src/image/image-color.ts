import { invalidArgument } from '@sluice/core';
import { type HexColor, isHexColor, parseHexColor } from '../hex-color.ts';

/** Red, green, blue and alpha, each 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

const named: Readonly<Record<string, HexColor>> = {
  black: '#000000',
  white: '#ffffff',
  transparent: '#00000000',
};

/** Reads `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `black`, `white` or `transparent`; throws naming the option. */
export function parseColor(name: string, value: unknown): Rgba {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  const color = Object.hasOwn(named, text) ? named[text] : text;
  if (!isHexColor(color))
    throw invalidArgument(name, 'a colour as #rrggbb, #rrggbbaa, black, white or transparent', value);
  return parseHexColor(color);
}
