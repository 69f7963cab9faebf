// A piece of a recording out of its container into another one, in JavaScript alone: 33-cut-container [in] [out] [--from s] [--for s]
import { parseArgs } from 'node:util';
import { graph } from '@sluice/core';
import { describeContainer, fromContainer, toContainer } from '@sluice/plugin-mediabunny';
import { asset, say } from '../room.ts';

const options = { from: { type: 'string', default: '0.5' }, for: { type: 'string', default: '1.5' } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [input = asset('greeting.wav'), output = 'part.mov'] = positionals;
const [startMs, durationMs] = [1_000 * Number(values.from), 1_000 * Number(values.for)];

const cut = graph('cut');
// As a telephone would send it: G.711 at 8 kHz.
cut
  .from(fromContainer(input, { startMs, durationMs, sampleRate: 8_000, channels: 1 }))
  .to(toContainer(output, { encoding: 'mu-law' }));
await cut.run();

const { container, durationMs: length, audio } = await describeContainer(output);
say(`${output}: ${container}, ${audio[0]!.codec}, ${length} ms`);
