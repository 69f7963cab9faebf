// Ships in a package what docs/nodes.md and the sources say of each node: node write-node-list.mjs <folder>.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeEntries } from './site/node-entries.mjs';
import { nodeFacts } from './site/node-facts.mjs';

const root = join(import.meta.dirname, '..');
const withoutLinks = (text) => text.replace(/\{@link (\S+?)\}/g, '`$1`');

const nodes = nodeEntries(root).map((entry) => {
  const { name, call, about, latency, folder } = entry;
  const { text, example, options } = nodeFacts(root, entry);
  return {
    name,
    package: `@sluice/${folder}`,
    call,
    about,
    latency,
    description: withoutLinks(text),
    example,
    options: options.map(({ name, type, text }) => ({
      name: name.replace(/\?$/, ''),
      isRequired: !name.endsWith('?'),
      type: type.replace(/\s+/g, ' ').replace(/ \| undefined$/, ''),
      about: withoutLinks(text).replace(/\s+/g, ' '),
    })),
  };
});
writeFileSync(join(resolve(process.argv[2]), 'nodes.json'), `${JSON.stringify(nodes, undefined, 1)}\n`);
