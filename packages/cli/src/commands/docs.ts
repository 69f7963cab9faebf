import { once } from 'node:events';
import { nearestName } from '@sluice/core';
import { wrongUsage } from '../errors.ts';
import { readPages } from '../pages/pages.ts';
import { serveSite, siteFolder } from '../pages/serve-site.ts';
import { type Call, defineCommand, type Outcome } from '../terms/command.ts';
import { columns } from '../terms/fold.ts';
import { portOf } from '../terms/port.ts';

const flags = {
  serve: { type: 'boolean', about: 'serves all of it to a browser, on loopback, until Ctrl-C' },
  port: { type: 'string', value: '<number>', about: 'with --serve: where it listens; default: any free port' },
} as const;

export const docs = defineCommand({
  name: 'docs',
  summary: 'Prints a page of the documentation, lists them, or serves them to a browser; offline',
  usage: '[topic]',
  words: { least: 0, most: 1 },
  examples: ['sluice docs', 'sluice docs concepts', 'sluice docs --serve'],
  flags,
  endsInOrder: true,
  async run(call) {
    const [topic] = call.words;
    if (call.values.serve) return served(call, topic);
    if (call.values.port !== undefined) throw wrongUsage('--port goes with --serve', 'sluice docs --help');
    const pages = await readPages();
    if (topic === undefined) {
      const result = pages.map(({ topic, title, about }) => ({ topic, title, about }));
      const rows = result.map(({ topic, title, about }) => [topic, about === '' ? title : about] as const);
      const text = columns(rows, call.width);
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

async function served({ values, signal, begun }: Call<typeof flags>, topic: string | undefined): Promise<Outcome> {
  const port = portOf('docs', values.port ?? '0');
  const site = await serveSite(siteFolder, port);
  const url = `${site.url}${topic === undefined ? '' : `${topic}.html`}`;
  begun({ ok: true, result: { url }, text: `${url}\n` });
  if (!signal.aborted) await once(signal, 'abort');
  await site.close();
  return { ok: true, result: { url }, text: '' };
}
