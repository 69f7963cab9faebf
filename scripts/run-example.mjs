// Runs an example by name: node scripts/run-example.mjs <name> [arguments].
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [name] = process.argv.splice(2, 1);
const file = fileURLToPath(new URL(`../examples/${name}/main.ts`, import.meta.url));
if (name === undefined || !existsSync(file)) {
  process.stderr.write(`there is no example ${name}; see examples/README.md\n`);
  process.exit(2);
}
process.argv.splice(2, 0, file);
await import('./run-ts.mjs');
