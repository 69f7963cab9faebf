import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { relative } from 'node:path';

/** The part of the compiler that is used here. */
interface Compiler {
  transpileModule(
    text: string,
    options: { readonly fileName: string; readonly reportDiagnostics: true },
  ): { readonly diagnostics?: readonly Diagnostic[] };
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
}
interface Diagnostic {
  readonly start?: number;
  readonly messageText: unknown;
}

/**
 * Where a file is no TypeScript, in the words of its compiler; undefined where that finds nothing, or is not there. What reads the file
 * for `import` tells of it in another thread, from which no words arrive.
 */
export async function syntaxFault(file: string): Promise<string | undefined> {
  try {
    const compiler: Compiler = createRequire(file)('typescript');
    const text = await readFile(file, 'utf8');
    const { diagnostics = [] } = compiler.transpileModule(text, { fileName: file, reportDiagnostics: true });
    const [first] = diagnostics;
    if (first === undefined) return undefined;
    const before = text.slice(0, first.start).split('\n');
    const place = `${relative(process.cwd(), file)}:${before.length}:${before.at(-1)!.length + 1}`;
    return `${place}: ${compiler.flattenDiagnosticMessageText(first.messageText, ' ')}`;
  } catch {
    return undefined;
  }
}
