// What errors say, out of the sources that raise them: each message with names in place of what is only known then.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Messages by their code, as far as the code and the words stand in one call. */
export function errorMessages(root) {
  const found = new Map();
  const visit = (node) => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) take(node.arguments ?? []);
    ts.forEachChild(node, visit);
  };
  const take = (given) => {
    const at = given.findIndex((one) => ts.isStringLiteral(one) && one.text.startsWith('SLUICE_'));
    if (at === -1 || given[at + 1] === undefined) return;
    const details = given.slice(at + 2).find(ts.isObjectLiteralExpression);
    // Words that a caller gives say nothing here.
    for (const what of textsOf(given[at + 1])) {
      const messages = found.get(given[at].text) ?? new Set();
      found.set(given[at].text, messages.add(composed(what, details)));
    }
  };
  for (const path of sources(root)) {
    const text = readFileSync(path, 'utf8');
    if (text.includes("'SLUICE_")) visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  }
  return found;
}

function sources(root) {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join(root, 'packages', name, 'src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files.filter((file) => /(?<!\.test)\.ts$/.test(file)).map((file) => join(folder, file));
  });
}

/** As `SluiceError` puts them together. */
function composed(what, details) {
  const part = (name) => {
    const property = details?.properties.find((one) => one.name?.getText() === name);
    return property && ts.isPropertyAssignment(property) ? textsOf(property.initializer)[0] : undefined;
  };
  const has = (name) => details?.properties.some((one) => one.name?.getText() === name) === true;
  let message = what;
  if (has('expected')) message += `; expected ${part('expected') ?? '‹…›'}`;
  if (has('received')) message += `; received ${part('received') ?? '‹…›'}`;
  const fix = part('fix');
  if (fix !== undefined) message += `${message.endsWith('?') ? '' : '.'} ${fix}`;
  return message;
}

/** What an expression may be, where that can be read: a text, or one of two. */
function textsOf(expression) {
  if (expression === undefined) return [];
  if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression)) return [expression.whenTrue, expression.whenFalse].flatMap(textsOf);
  if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression);
  if (!ts.isTemplateExpression(expression)) return [];
  const parts = expression.templateSpans.map(({ expression: value, literal }) => `${placeFor(value)}${literal.text}`);
  return [`${expression.head.text}${parts.join('')}`];
}

/** A name for what is only known then; nothing for what may be missing. */
function placeFor(value) {
  if (ts.isConditionalExpression(value)) return textsOf(value)[0] === '' ? '' : (textsOf(value)[0] ?? '‹…›');
  const name = /(\w+)(?:\([^()]*\))?$/.exec(value.getText())?.[1] ?? '…';
  return `‹${name}›`;
}
