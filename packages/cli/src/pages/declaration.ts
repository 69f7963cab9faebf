import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the types of a package say of one of its exports. */
export interface Declaration {
  /** Its documentation, without stars. */
  readonly about: string;
  /** Its options with their documentation, as TypeScript: empty if it takes none. */
  readonly options: string;
}

/** Where the entry of `@sluice/nodes` lies. */
function entryOfNodes(): string {
  return createRequire(import.meta.url).resolve('@sluice/nodes');
}

/**
 * Reads what is written about an export of `@sluice/nodes` in the types that it is installed with; undefined where they
 * do not have it.
 */
export async function declarationOf(name: string): Promise<Declaration | undefined> {
  const entry = entryOfNodes();
  const index = await readFile(entry.replace(/\.js$/, '.d.ts'), 'utf8');
  const line = [...index.matchAll(/export (?:type )?\{([^}]*)\} from '([^']+)'/g)].find(([, names]) =>
    names!.split(',').some((one) => one.trim() === name),
  );
  if (line === undefined) return undefined;
  const text = await readFile(join(dirname(entry), line[2]!.replace(/\.(?:js|ts)$/, '.d.ts')), 'utf8');
  const declared = new RegExp(`^export declare (?:function|const|class) ${name}\\b`, 'm').exec(text);
  if (declared === null) return undefined;
  const comment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(text.slice(0, declared.index))?.[1] ?? '';
  return { about: plain(comment), options: optionsIn(text, name) };
}

function plain(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** The interface that is named after it: `GainOptions` of `gain`. */
function optionsIn(text: string, name: string): string {
  const title = `${name[0]!.toUpperCase()}${name.slice(1)}Options`;
  return new RegExp(`^export interface ${title}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1]?.trimEnd() ?? '';
}
