/** What the colours of nodes mean, with the words that stand for them. */
const moods = [
  ['idle', 'nothing passes'],
  ['working', 'works'],
  ['waiting', 'waits 10–50 %'],
  ['stuck', 'waits more, or failed'],
] as const;

/** What the colours of a graph mean: of what is live, by the share of its time in which it waits for those behind it. */
export function GraphKey() {
  return (
    <ul class="key" aria-label="What the colours mean">
      {moods.map(([mood, what]) => (
        <li key={mood}>
          <span class={`swatch ${mood}`} aria-hidden="true" />
          {what}
        </li>
      ))}
    </ul>
  );
}
