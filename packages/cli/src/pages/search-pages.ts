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

/** The sections that have every word, those with words in their heading or close together first. */
export function searchPages(pages: readonly Page[], words: readonly string[], most = 12): readonly Found[] {
  const wanted = words.map((word) => word.toLowerCase());
  const hits = (text: string) => wanted.filter((word) => text.includes(word)).length;
  return pages
    .flatMap(sectionsOf)
    .flatMap((section) => {
      const lower = section.lines.map((line) => line.toLowerCase());
      if (hits(lower.join('\n')) < wanted.length) return [];
      const scores = lower.map(hits);
      const best = Math.max(...scores);
      const at = scores.indexOf(best);
      // Decisions and figures speak of everything; what explains comes first.
      const weight = section.topic === 'decisions' || section.topic === 'benchmarks' ? 0 : 1;
      const score = 3 * hits(section.heading.toLowerCase()) + 2 * best + weight;
      const { topic, heading, lines, first } = section;
      return [{ score, found: { topic, heading, line: lines[at]!.trim(), at: first + at } }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ found }) => found);
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
