import type { Page } from './pages.ts';

/** A place in the documentation that has the words. */
export interface Found {
  readonly topic: string;
  /** The heading it stands under. */
  readonly heading: string;
  /** The line that has most of them. */
  readonly line: string;
  /** Where, counted from 1. */
  readonly at: number;
}

interface Section {
  readonly topic: string;
  readonly heading: string;
  readonly first: number;
  readonly lines: string[];
}

/** Pages about the making and the proof of it speak of everything; what explains comes first. */
const BEHIND: ReadonlySet<string> = new Set([
  'architecture',
  'benchmarks',
  'decisions',
  'faults',
  'fuzz',
  'pains',
  'soak',
]);

/** Words of a question that say nothing of what is looked for. */
const SMALL: ReadonlySet<string> = new Set(
  'a an and are as at be by can do does for from has have how i in is it me my of on or so than that the there to was what when where which who why with you'.split(
    ' ',
  ),
);

/** The sections that have every word, then those that lack one; those with words in the names of page and heading or close together first. */
export function searchPages(pages: readonly Page[], words: readonly string[], most = 12): readonly Found[] {
  const wanted = wantedOf(words);
  const hits = (text: string) => wanted.filter((word) => word.test(text)).length;
  // Who asks in a sentence may use a word that nobody wrote.
  const needed = Math.max(1, wanted.length - 1);
  return pages
    .flatMap(sectionsOf)
    .flatMap((section) => {
      const lower = section.lines.map((line) => line.toLowerCase());
      const has = hits(lower.join('\n'));
      if (has < needed) return [];
      const scores = lower.map(hits);
      const best = Math.max(...scores);
      const at = scores.indexOf(best);
      const { topic, heading, lines, first } = section;
      const weight = BEHIND.has(topic) ? 0 : 3 + 2 * hits(topic);
      const score = 10 * has + 3 * hits(heading.toLowerCase()) + 2 * best + weight;
      return [{ score, found: { topic, heading, line: lines[at]!.trim(), at: first + at } }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ found }) => found);
}

/** "Interrupted" finds an interruption and what is interrupting; a short word is no part of others. */
function wantedOf(words: readonly string[]): readonly RegExp[] {
  const all = words.map((word) => word.toLowerCase());
  const telling = all.filter((word) => !SMALL.has(word));
  return (telling.length > 0 ? telling : all).map((word) => {
    const stem = word.replace(/(?<=[a-z]{4})(?:ions?|ings?|ed|ers?|s)$/, '').replace(/[^a-z0-9]/g, '\\$&');
    return new RegExp(stem.length < 4 ? `(?<![a-z0-9])${stem}` : stem);
  });
}

function sectionsOf({ topic, title, text }: Page): readonly Section[] {
  const sections: Section[] = [{ topic, heading: title, first: 1, lines: [] }];
  let isCode = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('```')) isCode = !isCode;
    if (!isCode && /^#+ /.test(line))
      sections.push({ topic, heading: line.replace(/^#+ /, ''), first: index + 1, lines: [] });
    sections.at(-1)!.lines.push(line);
  }
  return sections;
}
