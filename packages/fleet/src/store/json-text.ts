import { invalidArgument } from '@sluice/core';

/** A value as it is kept. @throws TypeError for what JSON cannot say: a circle, a bigint, a function, nothing */
export function jsonText(option: string, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // Told below, by its place and not by the words of the engine.
  }
  if (text !== undefined) return text;
  const received = typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
  throw invalidArgument(option, 'what JSON can say', received);
}
