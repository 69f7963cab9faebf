import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { entryPoints } = JSON.parse(readFileSync(`${root}/typedoc.json`, 'utf8')) as { entryPoints: string[] };

/** What people fill in. Each property of these has a text of its own. */
const FILLED_IN = /(?:Options|Settings|Config|Bounds|Deadlines|Budgets|Publishing|Update|Input)$/;
/** Properties of everything else that have none. The number only falls. */
const MOST_SILENT = 286;

// Nothing is checked: only names and the texts at them are read.
const program = ts.createProgram({
  rootNames: entryPoints.map((entry) => root + entry),
  options: { noLib: true, types: [], allowImportingTsExtensions: true, noEmit: true },
});
const checker = program.getTypeChecker();

function exportsOf(entry: string): readonly ts.Symbol[] {
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(root + entry)!)!);
  return exported.map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
}

it('each export of each package says what a caller needs to know', { timeout: 120_000 }, () => {
  const silent = entryPoints.flatMap((entry) => {
    const exports = exportsOf(entry);
    expect(exports.length, entry).toBeGreaterThan(0);
    return exports
      .filter((symbol) => symbol.getDocumentationComment(checker).length === 0)
      .map((symbol) => `${entry}: ${symbol.name}`);
  });
  expect(silent).toEqual([]);
});

it('each option says what it does, in which unit and with which default', { timeout: 120_000 }, () => {
  const declarations = new Set(entryPoints.flatMap(exportsOf).flatMap((symbol) => symbol.declarations ?? []));
  const silent = [...declarations]
    .filter((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
    .flatMap((one) => silentProperties(one).map((property) => `${one.name.text}.${property}`));
  const isFilledIn = (path: string) => FILLED_IN.test(path.split('.')[0]!);
  expect(declarations.size).toBeGreaterThan(1_000);
  expect(silent.filter(isFilledIn)).toEqual([]);
  expect(silent.length).toBeLessThanOrEqual(MOST_SILENT);
});

/** Their names, but of those that only tell a variant from others. What lies inside of a property is its own matter. */
function silentProperties(node: ts.Node): string[] {
  if (!ts.isPropertySignature(node) && !ts.isMethodSignature(node)) {
    const found: string[] = [];
    ts.forEachChild(node, (child) => void found.push(...silentProperties(child)));
    return found;
  }
  const isTag = node.type !== undefined && ts.isLiteralTypeNode(node.type);
  return isTag || ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc) ? [] : [node.name.getText()];
}
