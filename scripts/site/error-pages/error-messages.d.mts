/** Messages by their code, out of the sources that raise them. */
export function errorMessages(root: string): ReadonlyMap<string, ReadonlySet<string>>;
