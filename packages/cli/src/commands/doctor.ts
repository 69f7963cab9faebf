import { callFinding } from '../machine/call-finding.ts';
import { contracts, disk, envKeys, type Finding, memory, nodeLine, port, timers } from '../machine/findings.ts';
import { iceInterfaces } from '../machine/network.ts';
import { type Call, defineCommand } from '../terms/command.ts';
import { exitCodes } from '../terms/exit-codes.ts';

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
  async run({ values, say, paint, env }) {
    const findings: Finding[] = [
      nodeLine(),
      memory(),
      await disk(process.cwd()),
      await port(7_880),
      await iceInterfaces(),
      await contracts(process.cwd()),
      envKeys(env),
      await timers(),
    ];
    if (!values['no-call']) {
      say('calls itself ...');
      findings.push(await callFinding());
    }
    const failed = findings.filter(({ ok }) => !ok);
    const width = Math.max(...findings.map(({ name }) => name.length));
    return {
      ok: failed.length === 0,
      result: { platform: `${process.platform} ${process.arch}`, findings },
      text: values.report ? report(findings) : findings.map((one) => lineOf(one, width, paint)).join(''),
      problems: failed.map(({ name, told, fix }) => ({ message: `${name}: ${told}`, ...(fix && { fix }) })),
      exitCode: failed.length === 0 ? exitCodes.ok : exitCodes.environment,
    };
  },
});

function lineOf({ name, ok, told }: Finding, width: number, paint: Call['paint']): string {
  return `${ok ? paint('green', '✓') : paint('red', '✗')} ${name.padEnd(width)}  ${told}\n`;
}

function report(findings: readonly Finding[]): string {
  const rows = findings.map(({ name, ok, told }) => `| ${name} | ${ok ? 'ok' : '**no**'} | ${told} |\n`);
  return `| ${process.platform} ${process.arch} | | |\n| --- | --- | --- |\n${rows.join('')}`;
}
