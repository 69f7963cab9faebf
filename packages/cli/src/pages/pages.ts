// The documentation as it was when this package was built: read here, told by the commands. No network.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../dist/docs/', import.meta.url));

export interface Page {
  /** As `sluice docs` takes it. */
  readonly topic: string;
  readonly title: string;
  /** Its first sentence. */
  readonly about: string;
  readonly text: string;
}

/** All pages, by topic. */
export async function readPages(): Promise<readonly Page[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  return Promise.all(names.map((name) => readPage(name.slice(0, -'.md'.length))));
}

export async function readPage(topic: string): Promise<Page> {
  const text = await readFile(join(folder, `${topic}.md`), 'utf8');
  const title = /^# (.*)$/m.exec(text)?.[1] ?? topic;
  const [paragraph = ''] = text
    .replace(/^# .*\n/, '')
    .trim()
    .split('\n\n');
  return { topic, title, about: firstSentence(paragraph), text };
}

/** Without marks; of what leads to a list or to code, what stands before the colon. Empty for a table or code. */
function firstSentence(paragraph: string): string {
  if (/^(?:[|#]|```|<)/.test(paragraph)) return '';
  const plain = paragraph
    .replaceAll('\n', ' ')
    .replace(/^> /, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return (/^.*?\.(?=\s|$)/.exec(plain)?.[0] ?? plain).replace(/:$/, '.');
}
