/** What stands where a key was. */
const HIDDEN = '[hidden]';
/** What services show of a key that they refuse, and what looks like one: `sk-proj-****wxyz`, `Bearer abc`. Names of errors do not. */
const TRACES = [
  /[^\s"'`,;]*\*{2,}[^\s"'`,;]*/g,
  /\b(?:Bearer|Token)\s+[^\s"'`,;]+/gi,
  /\b[a-z]{2,4}[-_](?=[\w-]*\d)[\w-]{16,}/g,
];

/**
 * A text of somebody else without keys in it: without the given ones, also where they stand in an address or in base64,
 * and without what services show of a key that they refuse. Cut to 300 characters.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === '') continue;
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      clean = clean.split(form).join(HIDDEN);
  }
  for (const trace of TRACES) clean = clean.replace(trace, HIDDEN);
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}
