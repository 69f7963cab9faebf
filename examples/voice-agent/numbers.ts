const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A number from 0 to 99 in words: `twenty-one`. */
export function inWords(number: number): string {
  if (number < 20) return small[number]!;
  const [ten, one] = [tens[Math.floor(number / 10)]!, number % 10];
  return one === 0 ? ten : `${ten}-${small[one]}`;
}

const numbers = new Map(Array.from({ length: 100 }, (_, number) => [inWords(number), number]));

/** The last number from 0 to 99 that is said in a text. */
export function lastNumberIn(text: string): number | undefined {
  const words = text.toLowerCase().match(/[a-z-]+/g) ?? [];
  return numbers.get(words.findLast((word) => numbers.has(word)) ?? '');
}

/** Whether a text is nothing but numbers. */
export function isCounting(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z-]+/g) ?? [];
  return words.length > 0 && words.every((word) => numbers.has(word));
}
