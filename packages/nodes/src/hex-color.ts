import { invalidArgument } from '@sluice/core';

/** `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`, red, green, blue and opacity in hexadecimal digits of either case. */
export type HexColor = `#${string}`;

const pattern = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

export function isHexColor(value: unknown): value is HexColor {
  return typeof value === 'string' && pattern.test(value);
}

export function checkHexColor(name: string, value: unknown): asserts value is HexColor {
  if (!isHexColor(value)) throw invalidArgument(name, 'a colour as #rgb, #rgba, #rrggbb or #rrggbbaa', value);
}

/** Red, green, blue and opacity, 0 to 255. */
export function parseHexColor(color: HexColor): readonly [red: number, green: number, blue: number, alpha: number] {
  const digits = color.length <= 5 ? color.replace(/[^#]/g, '$&$&') : color;
  const part = (index: number) => Number.parseInt(digits.slice(2 * index + 1, 2 * index + 3), 16);
  return [part(0), part(1), part(2), digits.length > 7 ? part(3) : 255];
}
