import { readFileSync } from 'node:fs';
import type { Row, Section } from './row.ts';

const verdicts = { same: 'same', better: 'better', 'not-applicable': 'does not apply' } as const;

/** docs/daily-compatibility.md. */
export function compatibilityPage(sections: readonly Section[], inJanus: ReadonlyMap<string, string>): string {
  const rows = sections.flatMap((section) => section.rows);
  const count = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  const head = `# The Daily SDK, row by row

What the Daily SDK for Python (0.32) has, and what sluice has in its place. Each row is a test of the same name, which
every kind of room has to pass (\`test/daily\`), rooms of Janus but for [those below](#in-rooms-of-janus); this page is made of those tests. ${rows.length} rows: ${count('same')}
the same, ${count('better')} better, ${count('not-applicable')} that do not apply.
`;
  const table = ({ title, rows }: Section) =>
    `\n## ${title}\n\n| Daily | sluice | | how, or why |\n| --- | --- | --- | --- |\n${rows
      .map(
        ({ daily, sluice, verdict, note = '' }) =>
          `| ${cell(daily)} | ${cell(sluice)} | ${verdicts[verdict]} | ${cell(note)} |`,
      )
      .join('\n')}\n`;
  const missing = [...inJanus].map(([daily, why]) => `| ${cell(daily)} | ${cell(why)} |`).join('\n');
  const janus = `\n## In rooms of Janus\n
${rows.length - inJanus.size} rows hold in [rooms of a Janus server](janus.md) too. These do not:

| Daily | because |
| --- | --- |
${missing}
`;
  return head + sections.map(table).join('') + janus;
}

/** docs/daily-python.md: its beginning is a text of its own. */
export function pythonPage(sections: readonly Section[]): string {
  const head = readFileSync(new URL('python-beginning.md', import.meta.url), 'utf8');
  const names = ({ title, rows }: Section) =>
    `\n## ${title}\n\n| Python | sluice |\n| --- | --- |\n${rows
      .map(({ daily, sluice }) => `| ${cell(daily)} | ${cell(sluice)} |`)
      .join('\n')}\n`;
  return (
    head +
    sections
      .filter(({ rules }) => rules !== true)
      .map(names)
      .join('')
  );
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
