import { invalidArgument } from '@sluice/core';

/** Red, green, blue and alpha, each 0 to 255. */
export type Rgba = readonly [number, number, number, number];

const named: Readonly<Record<string, Rgba>> = {
  black: [0, 0, 0, 255],
  white: [255, 255, 255, 255],
  transparent: [0, 0, 0, 0],
};

/** Reads `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `black`, `white` or `transparent`; throws naming the option. */
export function parseColor(name: string, value: unknown): Rgba {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  const known = Object.hasOwn(named, text) ? named[text] : undefined;
  if (known !== undefined) return known;
  if (!/^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(text))
    throw invalidArgument(name, 'a colour as #rrggbb, #rrggbbaa, black, white or transparent', value);
  const digits = text.slice(1);
  const pairs = digits.length < 6 ? [...digits].map((digit) => digit + digit) : (digits.match(/../g) ?? []);
  const [red, green, blue, alpha = 255] = pairs.map((pair) => Number.parseInt(pair, 16));
  return [red!, green!, blue!, alpha];
}
