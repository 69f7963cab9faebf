/** What a track is called in words: `microphone`, `camera`, `screen`, `screen sound`, or the name of a custom track. */
export function trackWords(name: string): string {
  if (name === 'screenVideo') return 'screen';
  if (name === 'screenAudio') return 'screen sound';
  const custom = /^custom(?:Audio|Video)\.(.+)$/.exec(name)?.[1];
  return custom ?? name;
}

/** Up to two letters for somebody without a picture. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return (
    letters
      .map((word) => String.fromCodePoint(word.codePointAt(0)!))
      .join('')
      .toUpperCase() || '?'
  );
}

/** A hue that stays with somebody, 0 to 359. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.codePointAt(0)!) % 360;
  return hash;
}
