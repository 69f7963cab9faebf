// Writes what coding agents read in packages, AGENTS.md and llms.txt: node scripts/write-guides.mjs [--check].
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const text = (...path) => readFileSync(join(root, ...path), 'utf8');
/** Where the pages are for those who have a network. */
const SITE = 'https://github.com/sluice/sluice/blob/main';
const PACKAGES = ['core', 'nodes', 'transport', 'recorder', 'scenario', 'inspector', 'fleet', 'cli', 'create-sluice'];

const pages = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `- [${/^# (.*)$/m.exec(text('docs', name))[1]}](${SITE}/docs/${name})`);

function llms({ name, description, exports }) {
  const entries = Object.keys(exports).map((entry) => `\`${entry.replace('.', name)}\``);
  return `# ${name}

> ${description}

Part of sluice, in which sound and pictures flow through graphs, into WebRTC calls and back out. Entries: ${entries.join(', ')};
their types have a text for each export. Offline: \`npx sluice docs\`, \`npx sluice search <word>\`, \`npx sluice node <name>\`.

## Here

- README.md: what this package is
- AGENTS.md: commands, how to go about it, what goes wrong most often

## Pages

${pages.join('\n')}
`;
}

const stale = [];
for (const folder of PACKAGES) {
  const manifest = JSON.parse(text('packages', folder, 'package.json'));
  const guides = { 'AGENTS.md': text('docs/agents.md'), 'llms.txt': llms(manifest) };
  for (const [file, written] of Object.entries(guides)) {
    const path = join('packages', folder, file);
    if (!manifest.files.includes(file)) stale.push(`"files" of packages/${folder}/package.json lacks ${file}`);
    if (existsSync(join(root, path)) && text(path) === written) continue;
    if (process.argv.includes('--check')) stale.push(`${path} is not what scripts/write-guides.mjs writes`);
    else writeFileSync(join(root, path), written);
  }
}
if (stale.length > 0) {
  console.error(stale.join('\n'));
  process.exitCode = 1;
}
