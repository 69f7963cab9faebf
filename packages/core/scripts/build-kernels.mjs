// Compiles assembly/fir.ts and writes it as a TypeScript module that holds the bytes, so that the package needs no
// file access and no loader at run time. The module is only written when it changes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}src/kernels/fir-wasm.generated.ts`;

let binary;
const { error, stderr } = await asc.main(
  [
    'assembly/fir.ts',
    '--baseDir',
    root,
    '--outFile',
    'fir.wasm',
    '-O3',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--importMemory',
    '--noAssert',
  ],
  {
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
  },
);
if (error !== null) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);

const text = `// Made from assembly/fir.ts by scripts/build-kernels.mjs.\nexport const firWasm =\n  '${Buffer.from(binary).toString('base64')}';\n`;
if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
