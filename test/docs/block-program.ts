import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { CodeBlock } from './code-blocks.ts';

/** A name that is not there. */
const NOT_FOUND = new Set([2304, 2552, 18004]);
/** Where people copy from. */
const GUIDE = /^(?:README|docs\/[\w-]+)\.md$/;
/** A type that JavaScript cannot say. */
const isImplicit = ({ code }: ts.Diagnostic) => code >= 7_000 && code < 7_100;

/**
 * What the compiler says of blocks, a line each. Of whom pages take for granted test/docs/cast.ts declares what they are. A block of
 * a guide, and one with an import anywhere, has to import everything that it uses of ours; for others the names that our packages
 * export are imported.
 */
export function blockFaults(root: string, blocks: readonly CodeBlock[]): readonly string[] {
  const { options } = settingsOf(root);
  const texts = new Map<string, string>();
  const host = hostWith(texts, options);
  const packages = Object.entries(options.paths ?? {}).map(([name, [path]]) => ({ name, entry: join(root, path!) }));
  const paths = blocks.map(({ page, language }, index) =>
    join(root, dirname(page), `block-${index}.${language === 'js' ? 'mjs' : 'mts'}`),
  );
  const roots = [...paths, ...packages.map(({ entry }) => entry), join(root, 'test/docs/cast.ts')];

  // What is added stands on a line with code, so that lines stay what they are.
  for (const [index, { code, language }] of blocks.entries())
    texts.set(paths[index]!, language === 'js' ? `/* @ts-check */ ${code}` : `${code}export {};\n`);
  const first = ts.createProgram(roots, options, host);
  const imports = importsOf(first, packages);
  for (const [index, { page, code }] of blocks.entries()) {
    if (GUIDE.test(page) || /^import\b/m.test(code)) continue;
    const missing = faultsOf(first, paths[index]!).filter((fault) => NOT_FOUND.has(fault.code));
    const names = new Set(missing.map((fault) => /'(\w+)'/.exec(textOf(fault))?.[1] ?? ''));
    const added = [...names].map((name) => importOf(imports.get(name) ?? [], root, page)).join(' ');
    texts.set(paths[index]!, `${added} ${texts.get(paths[index]!)}`);
  }
  const program = ts.createProgram(roots, options, host);
  return blocks.flatMap(({ page, line, language }, index) =>
    faultsOf(program, paths[index]!)
      .filter((fault) => language === 'ts' || !isImplicit(fault))
      .map((fault) => {
        const at = fault.file!.getLineAndCharacterOfPosition(fault.start!).line;
        return `${page}:${line + at} ${textOf(fault)}`;
      }),
  );
}

function settingsOf(root: string): ts.ParsedCommandLine {
  const more = { noUnusedLocals: false, noUnusedParameters: false, incremental: false, allowJs: true, checkJs: true };
  const onUnRecoverableConfigFileDiagnostic = (fault: ts.Diagnostic) => {
    throw new Error(textOf(fault));
  };
  const path = join(root, 'tsconfig.check.json');
  return ts.getParsedCommandLineOfConfigFile(path, more, { ...ts.sys, onUnRecoverableConfigFileDiagnostic })!;
}

/** Reads `texts` before files, and each file once. */
function hostWith(texts: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const files = new Map<string, ts.SourceFile | undefined>();
  return {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile(path, target) {
      const text = texts.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, target, true);
      if (!files.has(path)) files.set(path, host.getSourceFile(path, target));
      return files.get(path);
    },
  };
}

interface Import {
  /** Of the package's index. */
  readonly entry: string;
  readonly line: string;
}

/** The lines that import a name, for each name that packages export. */
function importsOf(program: ts.Program, packages: readonly { readonly name: string; readonly entry: string }[]) {
  const checker = program.getTypeChecker();
  const imports = new Map<string, Import[]>();
  for (const { name, entry } of packages) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
    for (const symbol of checker.getExportsOfModule(module)) {
      const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const type = meant.flags & ts.SymbolFlags.Value ? '' : 'type ';
      const line = `import { ${type}${symbol.name} } from '${name}';`;
      imports.set(symbol.name, [...(imports.get(symbol.name) ?? []), { entry, line }]);
    }
  }
  return imports;
}

/** Of several packages with such a name the one that the block stands in, else the first. */
function importOf(imports: readonly Import[], root: string, page: string): string {
  const home = join(root, page.split('/').slice(0, 2).join('/'), '/');
  return (imports.find(({ entry }) => entry.startsWith(home)) ?? imports[0])?.line ?? '';
}

function faultsOf(program: ts.Program, path: string): readonly ts.Diagnostic[] {
  const source = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
}

const textOf = ({ messageText }: ts.Diagnostic) => ts.flattenDiagnosticMessageText(messageText, ' ');
