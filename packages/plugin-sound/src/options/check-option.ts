// What callers pass, checked at once: numbers, functions, choices. Nothing that touches sound.

import { invalidArgument, outOfRange } from '@sluice/core';

/** What a number may be, and what messages call it. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** As messages show it: `ms`. */
  readonly unit: string;
}

/** Throws at once, naming the option, when a value is not a number or not in its range. */
export function checkNumber(name: string, value: unknown, { min, max, unit }: NumberRule): asserts value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(name, `a number of ${unit}`, value);
  if (value < min || value > max) throw outOfRange(name, `${min} to ${max} ${unit}`, value);
}

/** Throws at once when a callback is none. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidArgument(name, 'a function', value);
}

/** Throws at once for anything but true and false. */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw invalidArgument(name, 'true or false', value);
}
