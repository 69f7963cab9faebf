import { wrongUsage } from '../errors.ts';
import { readPages } from '../pages/pages.ts';
import { searchPages } from '../pages/search-pages.ts';
import { defineCommand } from '../terms/command.ts';
import { fold } from '../terms/fold.ts';

/** How much of a line is shown. */
const SHOWN = 160;

export const search = defineCommand({
  name: 'search',
  summary: 'Finds words in the documentation; offline',
  usage: '<word>...',
  words: { least: 1, most: Number.POSITIVE_INFINITY },
  examples: ['sluice search back-pressure', 'sluice search interrupt heard', 'sluice search jitter --json'],
  flags: {},
  async run({ words, paint, width }) {
    if (words.every((word) => word.trim() === ''))
      throw wrongUsage('sluice search needs a word', 'sluice search --help');
    const found = searchPages(
      await readPages(),
      words.flatMap((word) => word.split(/\s+/).filter((part) => part !== '')),
    );
    if (found.length === 0)
      return {
        ok: false,
        result: found,
        text: '',
        problems: [{ message: `no section has ${words.join(' and ')}` }],
        next: 'sluice docs',
      };
    const text = found
      .map(({ topic, heading, line, at }) => {
        const short = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
        return `${fold(`${paint('bold', `${topic}: ${heading}`)} (line ${at})`, width, 2)}\n${fold(`  ${short}`, width)}\n`;
      })
      .join('');
    return { ok: true, result: found, text, next: `sluice docs ${found[0]!.topic}` };
  },
});
