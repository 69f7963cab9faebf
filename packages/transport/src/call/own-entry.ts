/** An entry under a name that users or far sides choose: what every object inherits, `constructor` for one, is none. */
export function ownEntry<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
