import type { Command, Flags } from './command.ts';
import { columns, fold } from './fold.ts';
import { commonFlags, twinOf } from './read-arguments.ts';

/** How a command is used, in a terminal of so many columns: a line, three examples, its flags with their twins in the environment. */
export function helpOf({ name, summary, usage, examples, flags, choices = {} }: Command, width: number): string {
  const chosen = Object.entries(choices);
  return `${fold(summary, width)}

${fold(`usage: sluice ${name}${usage === '' ? '' : ` ${usage}`} [flags]`, width, 2)}

${examples.map((example) => `  ${example}\n`).join('')}
${chosen.length === 0 ? '' : `${columns(chosen, width)}\n`}${rows(name, { ...flags, ...commonFlags }, width)}`;
}

function rows(command: string, flags: Flags, width: number): string {
  const table = Object.entries(flags).map(([name, flag]) => {
    const short = flag.short === undefined ? '' : `-${flag.short}, `;
    const twin = name === 'help' ? '' : ` (${twinOf(command, name, flag)})`;
    return [
      `${short}--${name}${flag.type === 'string' ? ` ${flag.value ?? '<text>'}` : ''}`,
      `${flag.about}${twin}`,
    ] as const;
  });
  return columns(table, width);
}
