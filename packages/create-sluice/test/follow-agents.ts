import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Does in a project what its AGENTS.md says of adding an operator, to the letter. Returns the operator's name. */
export async function followAgents(project: string): Promise<string> {
  const at = (path: string) => join(project, path);
  const page = await readFile(at('AGENTS.md'), 'utf8');
  const [, steps] = /## Add an operator\n(.*?)\n## /s.exec(page)!;
  const [node, exported, tried, declared, test] = [...steps!.matchAll(/```(?:ts|json)\n(.*?)```/gs)].map(
    ([, code]) => code!,
  );
  const [, name] = /export const (\w+) = defineNode/.exec(node!)!;

  await writeFile(at(`src/${name}.ts`), node!);
  await writeFile(at(`src/${name}.test.ts`), test!);
  await change(at('src/index.ts'), (text) => text + exported!);
  await change(at('src/conformance.ts'), (text) =>
    text
      .replace(/^import \{ fromHum \}/m, `import { ${name} } from './${name}.ts';\n$&`)
      .replace(/\};\n$/, `${tried!}};\n`),
  );
  await change(at('package.json'), (text) => {
    const manifest = JSON.parse(text);
    manifest.sluice.nodes.push(JSON.parse(declared!));
    return `${JSON.stringify(manifest, undefined, 2)}\n`;
  });
  return name!;
}

async function change(file: string, by: (text: string) => string): Promise<void> {
  const before = await readFile(file, 'utf8');
  const after = by(before);
  if (after === before) throw new Error(`${file} has no place for what AGENTS.md says`);
  await writeFile(file, after);
}
