import { nearestName } from '@sluice/core';
import { wrongUsage } from '../errors.ts';
import { errorEntries } from '../pages/error-entries.ts';
import { defineCommand } from '../terms/command.ts';
import { fold } from '../terms/fold.ts';

export const explain = defineCommand({
  name: 'explain',
  summary: 'Says what an error code means and what to do',
  usage: '<CODE>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice explain SLUICE_LINK_FORMAT',
    'sluice explain link_format',
    'sluice explain SLUICE_NODE_OPTIONS --json',
  ],
  flags: {},
  async run({ words: [asked = ''], paint, width }) {
    const entries = await errorEntries();
    const upper = asked.toUpperCase().replaceAll('-', '_');
    const code = upper.startsWith('SLUICE_') ? upper : `SLUICE_${upper}`;
    const entry = entries.find((one) => one.code === code);
    if (entry === undefined) {
      const near = nearestName(
        code,
        entries.map((one) => one.code),
      );
      const hint = near === undefined ? '' : `; did you mean ${near}?`;
      throw wrongUsage(`there is no code ${code}${hint}`, 'sluice docs errors');
    }
    const { area, happened, advice, docs } = entry;
    const text = fold(`${paint('bold', code)} (${area})\n\n${happened}\n\n${advice}\n\n${docs}\n`, width);
    return { ok: true, result: entry, text, next: 'sluice docs errors' };
  },
});
