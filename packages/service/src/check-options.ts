// Options and settings of models behind services: their values are checked at once.

import { invalidArgument, outOfRange } from '@sluice/core';

/** @throws TypeError for anything but a text that is not empty */
/** Refuses what is no text, or an empty one; `name` is the option that the message blames. */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw invalidArgument(name, 'a text that is not empty', value);
}

/** @throws TypeError for anything but a list of texts */
/** Refuses what is no list of texts; `name` is the option that the message blames. */
export function checkTexts(name: string, value: unknown): void {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string'))
    throw invalidArgument(name, 'a list of texts', value);
}

/** @throws TypeError for anything but true or false */
/** Refuses what is neither true nor false; `name` is the option that the message blames. */
export function checkFlag(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw invalidArgument(name, 'true or false', value);
}

/** @throws RangeError for anything but a number between the two, which are allowed */
/** Refuses what is no number from `least` to `most`; `name` is the option that the message blames. */
export function checkBetween(name: string, value: unknown, least: number, most: number): void {
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw outOfRange(name, `a number from ${least} to ${most}`, value);
}

/** @throws RangeError for a value that is not in the list */
/** Refuses what is none of `values`; `name` is the option that the message blames. */
export function checkOneOf(name: string, value: unknown, values: readonly unknown[]): void {
  if (!values.includes(value)) throw outOfRange(name, `one of ${values.join(', ')}`, value);
}
