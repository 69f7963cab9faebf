import { invalidArgument } from '@sluice/core';

/** The form of one token of a subject that names something: a tenant, a worker, a kind of job. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Refuses what cannot stand between two dots of a subject. @throws TypeError */
export function checkName(option: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && NAME.test(name)) return;
  throw invalidArgument(option, '1 to 64 letters, digits, _ and -, the first a letter or digit', name);
}
