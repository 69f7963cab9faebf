// Lets a process of a test run the TypeScript sources as they are: `node --import ./ts-loader.mjs peer.ts`.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import ts from 'typescript';

const packages = new URL('../../../', import.meta.url);

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
  const { outputText } = ts.transpileModule(text, {
    fileName: url,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, inlineSourceMap: true },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
