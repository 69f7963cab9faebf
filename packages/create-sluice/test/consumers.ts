/** What a program is that uses the plugin, by how it is compiled: its file, compiler options and text. */
export interface Consumer {
  readonly name: string;
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const body = `
const levels: Level[] = [];
const bot = graph('consumer');
const hum = bot.add(fromHum({ hz: 100, seconds: 0.2 }));
const trembling = bot.add(tremolo({ depth: 0.5 }));
const crushed = bot.add(bitcrush({ bits: 12 }));
const meter = bot.add(toLevels({ everyMs: 100, onLevel: (level) => levels.push(level) }));
hum.out.out.to(trembling.in.in);
trembling.out.out.to(crushed.in.in);
crushed.out.out.to(meter.in.in);
// @ts-expect-error an option that there is not
const misspelt = () => tremolo({ dept: 1 });
// @ts-expect-error a port that there is not
const missing = () => hum.out.left;
void [misspelt, missing];
bot.run().then(() => console.log(\`\${levels.length} levels\`));
`;

const imports = (name: string) => `import { graph } from '@sluice/core';
import { bitcrush } from '@sluice/plugin-minimal';
import { fromHum, type Level, toLevels, tremolo } from '${name}';
`;

/** Programs for a plugin of this name, each of which tells `2 levels`. */
export const consumersOf = (name: string): readonly Consumer[] => [
  {
    name: 'nodenext',
    file: 'nodenext.mts',
    // The types of core and the plugins too.
    options: { module: 'nodenext', skipLibCheck: false },
    text: imports(name) + body,
  },
  {
    name: 'bundler',
    file: 'bundler.mts',
    options: { module: 'esnext', moduleResolution: 'bundler' },
    text: imports(name) + body,
  },
  {
    name: 'CommonJS',
    file: 'commonjs.cts',
    options: { module: 'nodenext' },
    // The type has no value to require.
    text: `import core = require('@sluice/core');
import minimal = require('@sluice/plugin-minimal');
import plugin = require('${name}');
const { graph } = core;
const { bitcrush } = minimal;
const { fromHum, toLevels, tremolo } = plugin;
type Level = import('${name}', { with: { 'resolution-mode': 'import' } }).Level;
${body}`,
  },
];
