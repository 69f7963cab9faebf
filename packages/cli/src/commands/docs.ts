import { nearestName } from '@sluice/core';
import { wrongUsage } from '../errors.ts';
import { readPages } from '../pages/pages.ts';
import { defineCommand } from '../terms/command.ts';
import { columns } from '../terms/help.ts';

export const docs = defineCommand({
  name: 'docs',
  summary: 'Prints a page of the documentation, or lists them; offline',
  usage: '[topic]',
  words: { least: 0, most: 1 },
  examples: ['sluice docs', 'sluice docs concepts', 'sluice docs voice --json'],
  flags: {},
  async run({ words: [topic] }) {
    const pages = await readPages();
    if (topic === undefined) {
      const result = pages.map(({ topic, title, about }) => ({ topic, title, about }));
      const text = columns(result.map(({ topic, title, about }) => [topic, about === '' ? title : about] as const));
      return { ok: true, result, text, next: 'sluice docs concepts' };
    }
    const name = topic
      .toLowerCase()
      .replace(/\.md$/, '')
      .replace(/^docs\//, '');
    const page = pages.find((one) => one.topic === name);
    if (page !== undefined) return { ok: true, result: page, text: page.text };
    const near = nearestName(
      name,
      pages.map((one) => one.topic),
    );
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw wrongUsage(`there is no page ${topic}${hint}`, 'sluice docs');
  },
});
