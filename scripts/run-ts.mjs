// Runs a TypeScript file with ts-node: node scripts/run-ts.mjs <file> [arguments].
import { spawn } from 'node:child_process';

const [file, ...args] = process.argv.slice(2);
const register = new URL('./register-ts-node.mjs', import.meta.url).href;
// Node 20 warns of its loader API with each start; that is noise for the user of an example.
const flags = ['--disable-warning=ExperimentalWarning', '--disable-warning=DEP0180', '--import', register];
const child = spawn(process.execPath, [...flags, file, ...args], { stdio: 'inherit' });

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
