// What the source of a node says of it: its text, its example, its options, the ports it has. Read, not run.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const files = new Map();
/** Paths of our packages by their names, as the compiler has them. */
let packages;

/** What is known of an export of a package. */
export function nodeFacts(root, { name, folder }) {
  packages ??= ts.readConfigFile(join(root, 'tsconfig.check.json'), ts.sys.readFile).config.compilerOptions.paths;
  const found = find(root, name, join(root, 'packages', folder, 'src/index.ts'));
  if (found === undefined) throw new Error(`docs/nodes.md says that ${folder} has ${name}, and its index does not`);
  const { node, file } = found;
  const tags = ts.getJSDocTags(node);
  const say = (tag) => plain(ts.getTextOfJSDocComment(tag?.comment) ?? '');
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  return {
    text: plain(ts.getTextOfJSDocComment(comment?.comment) ?? ''),
    example: fenced(say(tags.find(({ tagName }) => tagName.text === 'example'))),
    throws: say(tags.find(({ tagName }) => tagName.text === 'throws')),
    options: optionsOf(root, node, file),
    ...portsOf(root, name, node, file),
  };
}

const plain = (text) => text.replaceAll('\r', '').trim();
const fenced = (text) => (text === '' || text.startsWith('```') ? text : `\`\`\`ts\n${text}\n\`\`\``);

function parsed(path) {
  if (!files.has(path))
    files.set(path, ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true));
  return files.get(path);
}

/** Where a name is declared, through the files that only pass it on. */
function find(root, name, path, seen = new Set()) {
  if (seen.has(path)) return undefined;
  seen.add(path);
  const file = parsed(path);
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const one = statement.declarationList.declarations.find((each) => each.name.getText() === name);
      if (one !== undefined) return { node: one, file: path };
    }
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) {
      if (statement.name?.getText() === name && statement.body !== null) return { node: statement, file: path };
      continue;
    }
    const clause = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    const passed = clause?.elements?.find((each) => each.name.text === name);
    const from = statement.moduleSpecifier?.text;
    if (passed === undefined || from === undefined) continue;
    const target = from.startsWith('.') ? join(dirname(path), from) : packages[from] && join(root, packages[from][0]);
    if (target !== undefined) return find(root, passed.propertyName?.text ?? name, target, seen);
  }
  return undefined;
}

/** Those of the last parameter that is named after options. */
function optionsOf(root, node, file) {
  const parameters = (ts.isClassDeclaration(node) ? node.members.find(ts.isConstructorDeclaration) : node)?.parameters;
  const typed = (parameters ?? []).findLast(({ type }) => /Options\b/.test(type?.getText() ?? ''))?.type;
  return typed === undefined ? [] : propertiesOf(root, typed, file);
}

function propertiesOf(root, type, file) {
  if (ts.isTypeLiteralNode(type)) return type.members.flatMap(property);
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap((part) => propertiesOf(root, part, file));
  const named = ts.isTypeReferenceNode(type) ? type.typeName : type.expression;
  const change = changes[named?.getText()];
  if (change !== undefined) return change(propertiesOf(root, type.typeArguments[0], file), namesIn(type));
  const found = named && find(root, named.getText(), file);
  if (found === undefined) return [];
  if (ts.isTypeAliasDeclaration(found.node)) return propertiesOf(root, found.node.type, found.file);
  if (!ts.isInterfaceDeclaration(found.node)) return [];
  const above = (found.node.heritageClauses ?? []).flatMap(({ types }) => types);
  return [...found.node.members.flatMap(property), ...above.flatMap((each) => propertiesOf(root, each, found.file))];
}

/** What the compiler's own types make of the properties of another. */
const changes = {
  Partial: (all) => all.map((one) => ({ ...one, name: `${plainName(one)}?` })),
  Required: (all) => all.map((one) => ({ ...one, name: plainName(one) })),
  Readonly: (all) => all,
  Omit: (all, names) => all.filter((one) => !names.includes(plainName(one))),
  Pick: (all, names) => all.filter((one) => names.includes(plainName(one))),
};

const plainName = ({ name }) => name.replace(/\?$/, '');
const namesIn = (type) => [...(type.typeArguments[1]?.getText() ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name);

function property(member) {
  if (member.name === undefined) return [];
  const comment = ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc);
  const type = (member.type ?? member).getText();
  const name = `${member.name.getText()}${member.questionToken === undefined ? '' : '?'}`;
  return [{ name, type, text: plain(ts.getTextOfJSDocComment(comment?.comment) ?? '') }];
}

/** Ports with their media, as far as the type that it returns tells them. */
function portsOf(root, name, node, file) {
  const given = node.type === undefined ? '' : spread(root, node.type, file);
  const [first, second] = [...given.matchAll(/\b(Audio|Video)Frame\b/g)].map(([, media]) => media.toLowerCase());
  const one = [{ media: first ?? '' }];
  if (/\bNodeBlueprint</.test(given)) return blueprintPorts(root, node.type, file);
  if (/\bOperatorFunction</.test(given)) return { inputs: one, outputs: [{ media: second ?? first ?? '' }] };
  if (/\bSource</.test(given) || name.startsWith('from')) return { inputs: [], outputs: one };
  if (/Sink\b/.test(given)) return { inputs: one, outputs: [] };
  return { inputs: [], outputs: [] };
}

/** The type as it is written, with what the interface of that name extends. */
function spread(root, type, file) {
  const named = ts.isTypeReferenceNode(type) ? find(root, type.typeName.getText(), file)?.node : undefined;
  const above = named?.heritageClauses?.map((clause) => clause.getText()).join(' ') ?? '';
  return `${type.getText()} ${above}`;
}

function blueprintPorts(root, type, file) {
  const ports = (at) => {
    const properties = type.typeArguments?.[at] === undefined ? [] : propertiesOf(root, type.typeArguments[at], file);
    return properties.map(({ name, type }) => ({
      port: name,
      media: /(\w+)Frame/.exec(type)?.[1].toLowerCase() ?? '',
    }));
  };
  return { inputs: ports(0), outputs: ports(1) };
}
