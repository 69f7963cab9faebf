import { type CheckResult, type ConformOptions, conform as tryOut } from '@sluice/core/testing';
import { badProgram } from '../errors.ts';
import { loadModule } from '../programs/load-module.ts';
import { type Call, defineCommand } from '../terms/command.ts';
import { fold } from '../terms/fold.ts';

interface Declared {
  readonly make: () => never;
  readonly options: ConformOptions;
}

export const conform = defineCommand({
  name: 'conform',
  summary: 'Runs the checks that every node and model has to pass',
  usage: '<module>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice conform ./dist/index.js',
    'sluice conform @sluice/plugin-minimal',
    'sluice conform ./dist/index.js --json',
  ],
  flags: {},
  async run({ words: [name = ''], say, paint, width }) {
    const result = [];
    let text = '';
    for (const [node, { make, options }] of Object.entries(await declaredBy(name))) {
      say(`${node} ...`);
      const { passed, checks } = await tryOut(make, options);
      result.push({ node, passed, checks });
      text += fold(`${mark(paint, passed)} ${node}\n${checks.map((one) => lineOf(paint, one)).join('')}`, width, 2);
    }
    const failed = result.flatMap(({ node, checks }) =>
      checks.filter(({ passed, skipped }) => !passed && skipped === undefined).map((one) => `${node}: ${one.name}`),
    );
    return {
      ok: failed.length === 0,
      result,
      text,
      problems: failed.map((message) => ({ message })),
      next: failed.length === 0 ? 'sluice list plugins' : 'sluice docs writing-nodes',
    };
  },
});

async function declaredBy(name: string): Promise<Readonly<Record<string, Declared>>> {
  const { conformance } = await loadModule(name);
  const entries = typeof conformance === 'object' && conformance !== null ? Object.entries(conformance) : [];
  const isDeclared = ({ make, options }: Partial<Declared>) =>
    typeof make === 'function' && typeof options === 'object';
  if (entries.length > 0 && entries.every(([, one]) => isDeclared(one)))
    return conformance as Readonly<Record<string, Declared>>;
  throw badProgram(`${name} says of no node how it is tried`, 'an export conformance: { <name>: { make, options } }');
}

function mark(paint: Call['paint'], passed: boolean): string {
  return passed ? paint('green', '✓') : paint('red', '✗');
}

function lineOf(paint: Call['paint'], { name, passed, skipped, message }: CheckResult): string {
  if (skipped !== undefined) return `  ${paint('dim', `- ${name} (${skipped})`)}\n`;
  return `  ${mark(paint, passed)} ${name}${message === undefined ? '' : `\n      ${message}`}\n`;
}
