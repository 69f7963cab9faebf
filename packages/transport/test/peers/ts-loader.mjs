// Lets a process of a test run the TypeScript sources as they are: `node --import ./ts-loader.mjs peer.ts`. What it
// makes of a source is kept, since a program is some 500 of them and tests start dozens of programs.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire, register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const packages = new URL('../../../', import.meta.url);
const kept = fileURLToPath(new URL('../node_modules/.cache/sluice-test-programs/', packages));

if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, next) {
  const match = /^@sluice\/([a-z-]+)(?:\/([a-z-]+))?$/.exec(specifier);
  if (match === null) return next(specifier, context);
  const folder = match[2] === undefined ? '' : `${match[2]}/`;
  return { url: new URL(`${match[1]}/src/${folder}index.ts`, packages).href, shortCircuit: true };
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const text = await readFile(fileURLToPath(url), 'utf8');
  const hash = createHash('sha256').update([await key, url, text].join('\n'));
  const path = kept + hash.digest('hex');
  const source = await readFile(path, 'utf8').catch(() => keep(path, url, text));
  return { format: 'module', source, shortCircuit: true };
}

/** Of this file and of the compiler: what another one made is not taken. */
const key = Promise.all([
  readFile(fileURLToPath(import.meta.url), 'utf8'),
  readFile(createRequire(import.meta.url).resolve('esbuild/package.json'), 'utf8'),
]).then((texts) => texts.join(''));

async function keep(path, url, text) {
  // Of 500 sources the compiler itself would make programs in ten seconds.
  const { transform } = await import('esbuild');
  const { code } = await transform(text, { loader: 'ts', sourcefile: url, sourcemap: 'inline', target: 'es2023' });
  await mkdir(kept, { recursive: true });
  // Another program may be at the same source.
  await writeFile(`${path}.${process.pid}`, code);
  await rename(`${path}.${process.pid}`, path);
  return code;
}
