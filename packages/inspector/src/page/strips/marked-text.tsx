/** A sentence of core, in which names and code stand between backticks, as they do in an error's message. */
export function MarkedText({ text }: { readonly text: string }) {
  const parts = text.split('`');
  // Half a pair is a backtick that somebody wrote.
  if (parts.length % 2 === 0) return <>{text}</>;
  return <>{parts.map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))}</>;
}
