// What callers pass, read and checked: numbers, choices, colours, frame rates, paths, how long and how often.
// Nothing that touches media.

import { invalidArgument, outOfRange } from '@sluice/core';

export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** As messages show it: `ms`. */
  readonly unit: string;
  readonly integer?: boolean;
}

/** Throws at once, naming the option, when a value is not a number or not in its range. */
export function checkNumber(name: string, value: unknown, rule: NumberRule): asserts value is number {
  const kind = rule.integer === true ? 'an integer' : 'a number';
  if (typeof value !== 'number' || Number.isNaN(value)) throw invalidArgument(name, `${kind} of ${rule.unit}`, value);
  if (rule.integer === true && Number.isFinite(value) && !Number.isInteger(value))
    throw invalidArgument(name, `${kind} of ${rule.unit}`, value);
  if (value < rule.min || value > rule.max) throw outOfRange(name, `${rule.min} to ${rule.max} ${rule.unit}`, value);
}

/** A gain: from silence (`-Infinity`) to +60 dB. */
export function checkDb(name: string, value: unknown): asserts value is number {
  checkNumber(name, value, { min: Number.NEGATIVE_INFINITY, max: 60, unit: 'dB' });
}

/** A length of time from 0 to `max`, an hour by default. */
export function checkMs(name: string, value: unknown, max = 3_600_000): asserts value is number {
  checkNumber(name, value, { min: 0, max, unit: 'ms' });
}

/** What is no object, or the promise of one, would be passed over in silence: `flip('vertical')`. */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Promise)
    throw invalidArgument(name, 'an object with the options', value);
}

export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidArgument(name, 'a function', value);
}

export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw invalidArgument(name, 'true or false', value);
}

export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (!choices.includes(value as string))
    throw invalidArgument(name, choices.map((choice) => `'${choice}'`).join(' or '), value);
}
