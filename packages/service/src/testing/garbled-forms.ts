/** What stands where something else was expected; `undefined` is nothing. */
const OTHERS: readonly unknown[] = [undefined, null, -1, 1e300, '', 'other', true, [], {}, [null], [1]];

/**
 * Every form of an object in which one value, however deep, is missing or of another kind: what a reader of messages has to
 * meet with a `VoiceError`, or with nothing but what is sound.
 *
 * @example
 * for (const form of garbledForms({ type: 'audio', samples: [1, 2] })) expect(() => read(form)).not.toThrow(TypeError);
 */
export function garbledForms(message: object): readonly object[] {
  return Object.entries(message).flatMap(([key, value]: [string, unknown]) => {
    const deeper = typeof value === 'object' && value !== null ? garbledForms(value) : [];
    return [...OTHERS, ...deeper].map((form) => withValue(message, key, form));
  });
}

function withValue(message: object, key: string, value: unknown): object {
  if (Array.isArray(message)) return message.map((one: unknown, index) => (String(index) === key ? value : one));
  const { [key]: _, ...rest } = message as Record<string, unknown>;
  return value === undefined ? rest : { ...rest, [key]: value };
}
