// One target in this process: node scripts/run-ts.mjs test/fuzz/fuzz-cli.ts --target wav [--runs n] [--seed n]
// [--minutes n] | --input base64. Writes lines of JSON; `npm run fuzz` makes the table of them.

import { parseArgs } from 'node:util';
import { examine } from './fuzzer/examine.ts';
import { fuzz } from './fuzzer/fuzz.ts';
import { watched } from './fuzzer/hang-watch.ts';
import { targets } from './targets.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { target: text, runs: text, seed: text, minutes: text, input: text } });
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

if (values.target === undefined) tell(Object.keys(targets));
else {
  const load = targets[values.target];
  if (load === undefined)
    throw new RangeError(`there is no target ${values.target}: ${Object.keys(targets).join(', ')}`);
  const { target, close } = watched(await load());
  if (values.input !== undefined) {
    const fault = await examine(target, new Uint8Array(Buffer.from(values.input, 'base64')));
    tell(fault ?? { kind: 'none', detail: 'a value, or one of our errors' });
  } else {
    const minutes = Number(values.minutes ?? 'Infinity');
    const options = { runs: Number(values.runs), seed: Number(values.seed), mostMs: minutes * 60_000 };
    const { corpus, findings, ...report } = await fuzz(target, options);
    const told = findings.map(({ input, ...fault }) => ({ ...fault, input: Buffer.from(input).toString('base64') }));
    tell({ ...report, corpus: corpus.length, findings: told });
  }
  await close();
}
