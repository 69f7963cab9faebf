// A page for each code of docs/errors.md: what happened, what to do, what it says, where more is said.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableRows } from '../../../packages/cli/dist/pages/table-rows.js';
import { guideOf } from './error-guides.mjs';
import { errorMessages } from './error-messages.mjs';
import { saidElsewhere } from './said-elsewhere.mjs';

/** How many messages of a code are shown. */
const MOST = 6;

/** Writes them into a folder of the site, and links the rows of its page of errors to them. */
export function writeErrorPages(root, pages) {
  const folder = join(pages, 'errors');
  mkdirSync(folder, { recursive: true });
  const messages = errorMessages(root);
  const text = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  for (const { heading, cells } of tableRows(text)) {
    const code = /`(SLUICE_\w+)`/.exec(cells[0] ?? '')?.[1];
    if (code === undefined) continue;
    const said = [...(messages.get(code) ?? [saidElsewhere[code]])].slice(0, MOST);
    writeFileSync(join(folder, `${code.toLowerCase()}.md`), pageOf({ code, area: heading, cells, said }));
  }
  const list = join(pages, 'errors.md');
  const linked = readFileSync(list, 'utf8').replace(
    /<\/a>`(SLUICE_\w+)`/g,
    (_, code) => `</a>[\`${code}\`](./errors/${code.toLowerCase()}.md)`,
  );
  writeFileSync(list, linked);
}

function pageOf({ code, area, cells: [, happened, advice], said }) {
  const [guide, title] = guideOf(code);
  const below = (words) => words.replace(/\]\((?!https:)/g, '](../');
  return `${[
    `# ${code}`,
    `An error of ${area}. In code: \`isSluiceError(error) && error.code === '${code}'\`; in a terminal: \`npx sluice explain ${code}\`.`,
    '## What happened',
    below(happened),
    '## What to do',
    below(advice),
    '## What it says',
    'What stands in ‹ › is only known then.',
    `\`\`\`text\n${said.join('\n\n')}\n\`\`\``,
    '## More',
    `[${title}](../${guide}.md), [all errors](../errors.md)`,
  ].join('\n\n')}\n`;
}
