// npm run dev: a room that stays, and the program in it, which is compiled and started again when a file of src/ is saved.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startRoomServer } from '@sluice/transport';

/** Where the room is, unless somebody else is there. */
const PORT = 8_720;
const server = await startRoomServer({ port: PORT }).catch(() => startRoomServer());
const room = server.roomUrl('hello');
console.log(`room ${room}`);

const tsc = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
const compiler = spawn(process.execPath, [tsc, '--watch', '--preserveWatchOutput'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const children = [compiler];
let compiled = '';
compiler.stdout.on('data', (text) => {
  process.stdout.write(text);
  compiled += text;
  // From then on Node sees by itself that a file was written.
  if (children.length > 1 || !compiled.includes('Watching for file changes')) return;
  const flags = ['--watch', '--watch-preserve-output', '--disable-warning=ExperimentalWarning'];
  const env = { SLUICE_INSPECT: 'media', ...process.env };
  children.push(
    spawn(process.execPath, [...flags, 'dist/main.js', room, ...process.argv.slice(2)], { stdio: 'inherit', env }),
  );
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    // A terminal has told them too.
    for (const child of children) child.kill(signal);
    await server.close();
  });
