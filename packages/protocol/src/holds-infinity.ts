/** Only such numbers may be too large: with an exponent of three digits, or hundreds of digits. */
const LARGE = /[eE]\+?\d{3}|\d{300}/;

/**
 * Whether a JSON text has a number beyond all doubles. It is read as infinity, which JSON writes as null: whoever is told of
 * it is told another message, and refuses that.
 *
 * @param value what `JSON.parse` made of the text
 */
export function holdsInfinity(text: string, value: unknown): boolean {
  if (!LARGE.test(text)) return false;
  // Not recursive: a stranger says how deep it goes.
  const left = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (one === Number.POSITIVE_INFINITY || one === Number.NEGATIVE_INFINITY) return true;
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) left.push(inner);
  }
  return false;
}
