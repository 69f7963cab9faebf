/** What stands in a function: the text of an example's `run`, as its file has it. */
export function codeOf(run) {
  const text = run.toString();
  const body = text.slice(text.indexOf('=>') + 2).replace(/^\s+/, '');
  const isBlock = body.startsWith('{\n');
  const lines = (isBlock ? body.slice(2, body.lastIndexOf('}')) : body)
    .split('\n')
    .filter((line) => line.trim() !== '');
  // The first line of an expression has lost its place already.
  const measured = (isBlock ? lines : lines.slice(1)).map((line) => /^ */.exec(line)[0].length);
  const indent = Math.min(...measured, Number.MAX_SAFE_INTEGER);
  return lines.map((line, at) => (at === 0 && !isBlock ? line : line.slice(indent))).join('\n');
}
