// Compiles each assembly/<name>.ts of the package in this folder and writes it as a TypeScript module that holds the
// bytes, src/kernels/<name>-wasm.generated.ts, so that a package needs no file access and no loader at run time. A
// module is only written when it changes. Called by the build of a package.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const root = process.cwd();
for (const file of readdirSync(`${root}/assembly`)) await build(file.replace(/\.ts$/, ''));

async function build(name) {
  let binary;
  const options = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--noAssert'];
  const { error, stderr } = await asc.main(
    [`assembly/${name}.ts`, '--baseDir', root, '--outFile', `${name}.wasm`, ...options],
    {
      writeFile: (path, contents) => {
        if (path.endsWith('.wasm')) binary = contents;
      },
    },
  );
  if (error !== null) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);

  const target = `${root}/src/kernels/${name}-wasm.generated.ts`;
  const constant = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const bytes = Buffer.from(binary).toString('base64');
  const text = `// Made from assembly/${name}.ts by scripts/build-kernels.mjs.\nexport const ${constant}Wasm =\n  '${bytes}';\n`;
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
}
