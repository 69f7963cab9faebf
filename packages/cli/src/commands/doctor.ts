import { callFinding } from '../machine/call-finding.ts';
import { contracts, disk, envKeys, type Finding, memory, nodeLine, port, timers } from '../machine/findings.ts';
import { hearOneself } from '../machine/hear-oneself.ts';
import { iceInterfaces } from '../machine/network.ts';
import { defineCommand } from '../terms/command.ts';
import { exitCodes } from '../terms/exit-codes.ts';
import { fold } from '../terms/fold.ts';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Looks whether this machine can run calls: it calls itself and listens for a tone',
  usage: '',
  words: { least: 0, most: 0 },
  examples: ['sluice doctor', 'sluice doctor --report', 'sluice doctor --no-call --json'],
  flags: {
    'no-call': { type: 'boolean', about: 'without the call to itself' },
    report: { type: 'boolean', about: 'as Markdown, to be pasted into an issue' },
  },
  endsInOrder: true,
  async run({ values, say, paint, width, env, signal }) {
    const findings: Finding[] = [
      nodeLine(),
      memory(),
      await disk(process.cwd()),
      await port(7_880),
      await iceInterfaces(),
      await contracts(process.cwd()),
      envKeys(env),
    ];
    signal.throwIfAborted();
    findings.push(await timers());
    if (!values['no-call']) {
      say('calls itself ...');
      findings.push(await callFinding((late) => hearOneself(AbortSignal.any([late, signal]))));
    }
    // What was cut off was not found out.
    signal.throwIfAborted();
    const failed = findings.filter(({ ok }) => !ok);
    const longest = Math.max(...findings.map(({ name }) => name.length));
    const lineOf = ({ name, ok, told }: Finding) =>
      fold(`${ok ? paint('green', '✓') : paint('red', '✗')} ${name.padEnd(longest)}  ${told}`, width, longest + 4);
    return {
      ok: failed.length === 0,
      result: { platform: `${process.platform} ${process.arch}`, findings },
      text: values.report ? report(findings) : findings.map((one) => `${lineOf(one)}\n`).join(''),
      problems: failed.map(({ name, told, fix }) => ({ message: `${name}: ${told}`, ...(fix && { fix }) })),
      exitCode: failed.length === 0 ? exitCodes.ok : exitCodes.environment,
    };
  },
});

function report(findings: readonly Finding[]): string {
  const rows = findings.map(({ name, ok, told }) => `| ${name} | ${ok ? 'ok' : '**no**'} | ${told} |\n`);
  return `| ${process.platform} ${process.arch} | | |\n| --- | --- | --- |\n${rows.join('')}`;
}
