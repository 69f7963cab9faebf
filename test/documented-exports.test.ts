import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { entryPoints } = JSON.parse(readFileSync(`${root}/typedoc.json`, 'utf8')) as { entryPoints: string[] };

/** What variants are told apart by. Its values say all of it. */
const TAG = /^(?:type|kind|status)$/;

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

it('each property says what it is, in which unit, in which range or with which default', { timeout: 120_000 }, () => {
  const declarations = new Set(entryPoints.flatMap(exportsOf).flatMap((symbol) => symbol.declarations ?? []));
  const silent = [...declarations]
    .filter((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
    .flatMap((one) => silentProperties(one).map((property) => `${one.name.text}.${property}`));
  expect(declarations.size).toBeGreaterThan(1_000);
  expect(silent).toEqual([]);
});

/** Their names, but of those that only tell a variant from others. What lies inside of a property is its own matter; what a parameter of a type has to have is nobody's. */
function silentProperties(node: ts.Node): string[] {
  if (ts.isTypeParameterDeclaration(node)) return [];
  if (!ts.isPropertySignature(node) && !ts.isMethodSignature(node)) {
    const found: string[] = [];
    ts.forEachChild(node, (child) => void found.push(...silentProperties(child)));
    return found;
  }
  return isTag(node) || overloads(node).some(hasText) ? [] : [node.name.getText()];
}

function isTag({ type, name, parent }: ts.PropertySignature | ts.MethodSignature): boolean {
  if (type === undefined) return false;
  const isVariant = ts.isTypeLiteralNode(parent) && TAG.test(name.getText());
  return isLiteral(type) || (isVariant && ts.isUnionTypeNode(type) && type.types.every(isLiteral));
}

const isLiteral = (type: ts.TypeNode) => ts.isLiteralTypeNode(type) || ts.isTemplateLiteralTypeNode(type);

/** Of a method, all that have its name: the text stands at one of them. */
const overloads = (node: ts.PropertySignature | ts.MethodSignature): readonly ts.TypeElement[] =>
  ts.isMethodSignature(node) && ts.isInterfaceDeclaration(node.parent)
    ? node.parent.members.filter(({ name }) => name?.getText() === node.name.getText())
    : [node];

const hasText = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);
