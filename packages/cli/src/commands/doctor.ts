import { contracts, envKeys, type Finding, memory, nodeLine, port, timers } from '../machine/findings.ts';
import { hearOneself } from '../machine/hear-oneself.ts';
import { type Call, defineCommand } from '../terms/command.ts';
import { exitCodes } from '../terms/exit-codes.ts';

/** How long the call to oneself may take. */
const CALL_MS = 5_000;

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
    const findings: Finding[] = [nodeLine(), memory(), await port(7_880), await contracts(process.cwd()), envKeys(env)];
    findings.push(await timers());
    if (!values['no-call']) {
      say('calls itself ...');
      findings.push(await call());
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

async function call(): Promise<Finding> {
  const name = 'call';
  try {
    const { latencyMs, hz, totalMs } = await hearOneself(AbortSignal.timeout(CALL_MS));
    return { name, ok: true, told: `heard its own ${hz} Hz after ${latencyMs} ms (${totalMs} ms with the call)` };
  } catch (error) {
    const { name: kind, message } = error as Error;
    const told = kind === 'AbortError' || kind === 'TimeoutError' ? `no tone came back within ${CALL_MS} ms` : message;
    return { name, ok: false, told, fix: 'npm install @sluice/transport @roamhq/wrtc' };
  }
}

function lineOf({ name, ok, told }: Finding, width: number, paint: Call['paint']): string {
  return `${ok ? paint('green', '✓') : paint('red', '✗')} ${name.padEnd(width)}  ${told}\n`;
}

function report(findings: readonly Finding[]): string {
  const rows = findings.map(({ name, ok, told }) => `| ${name} | ${ok ? 'ok' : '**no**'} | ${told} |\n`);
  return `| ${process.platform} ${process.arch} | | |\n| --- | --- | --- |\n${rows.join('')}`;
}
