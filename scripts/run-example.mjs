// Runs an example by name: node scripts/run-example.mjs <name> [arguments].
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../examples/', import.meta.url));
const fileOf = (name) => `${folder}${name}/main.ts`;
const names = readdirSync(folder).filter((name) => existsSync(fileOf(name)));
const usage = `usage: node scripts/run-example.mjs <name> [room URL] [file] [--seconds n]

${names.map((name) => `  ${name}\n`).join('')}
Without a room URL an example opens a room of its own. What each shows: examples/README.md
`;

if (process.argv[2] === '--') process.argv.splice(2, 1);
const [asked] = process.argv.splice(2, 1);
// npm run demo -- --open
const given = asked === 'demo' && process.argv.includes('--open') ? 'open-room' : asked;
// A part of a name will do, if it is of one only: 08, echo-bot.
const meant = names.includes(given) ? [given] : names.filter((name) => given && name.includes(given));
if (given === '--help' || given === '-h') {
  process.stdout.write(usage);
} else if (meant.length === 1) {
  process.argv.splice(2, 0, fileOf(meant[0]));
  await import('./run-ts.mjs');
} else {
  const which = meant.length > 1 ? `${given} may be ${meant.join(' or ')}` : `there is no example ${given}`;
  process.stderr.write(given === undefined ? usage : `${which}\n\n${usage}`);
  process.exitCode = 2;
}
