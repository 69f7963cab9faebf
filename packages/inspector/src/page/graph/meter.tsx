/** The lowest level that a meter shows, in dBFS. */
const LOWEST = -60;

/** How loud it is: green up to -12 dBFS, amber up to -3, red above. */
export function Meter({ level }: { readonly level: number }) {
  const share = Math.min(Math.max(1 - level / LOWEST, 0), 1);
  const colour = level > -3 ? 'hot' : level > -12 ? 'loud' : '';
  return (
    <span class={`meter ${colour}`}>
      <span style={{ width: `${100 * share}%` }} />
    </span>
  );
}
