import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { entryPoints } = JSON.parse(readFileSync(`${root}/typedoc.json`, 'utf8')) as { entryPoints: string[] };

it('each export of each package says what a caller needs to know', { timeout: 120_000 }, () => {
  const program = ts.createProgram({
    rootNames: entryPoints.map((entry) => root + entry),
    // Nothing is checked: only names and the texts at them are read.
    options: { noLib: true, types: [], allowImportingTsExtensions: true, noEmit: true },
  });
  const checker = program.getTypeChecker();
  const silent = entryPoints.flatMap((entry) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(root + entry)!)!;
    const exports = checker.getExportsOfModule(module);
    expect(exports.length, entry).toBeGreaterThan(0);
    return exports.flatMap((symbol) => {
      const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return meant.getDocumentationComment(checker).length > 0 ? [] : [`${entry}: ${symbol.name}`];
    });
  });
  expect(silent).toEqual([]);
});
