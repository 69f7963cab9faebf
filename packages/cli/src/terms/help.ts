import type { Command, Flags } from './command.ts';
import { commonFlags, twinOf } from './read-arguments.ts';

/** How a command is used: a line, three examples, its flags with their twins in the environment. */
export function helpOf({ name, summary, usage, examples, flags }: Command): string {
  return `${summary}

usage: sluice ${name}${usage === '' ? '' : ` ${usage}`} [flags]

${examples.map((example) => `  ${example}\n`).join('')}
${rows(name, { ...flags, ...commonFlags })}`;
}

function rows(command: string, flags: Flags): string {
  const table = Object.entries(flags).map(([name, flag]) => {
    const short = flag.short === undefined ? '' : `-${flag.short}, `;
    const twin = name === 'help' ? '' : ` (${twinOf(command, name, flag)})`;
    return [
      `${short}--${name}${flag.type === 'string' ? ` ${flag.value ?? '<text>'}` : ''}`,
      `${flag.about}${twin}`,
    ] as const;
  });
  return columns(table);
}

/** Two columns, the first as wide as its longest. */
export function columns(table: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...table.map(([left]) => left.length));
  return table
    .map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd())
    .join('\n')
    .concat('\n');
}
