import type { JSX } from 'preact';

export interface CaptionLine {
  readonly key: string;
  readonly name: string;
  readonly text: string;
}

/** Characters of a caption. */
const MOST = 140;

/** The last words of who speaks. Not read out: they are heard. */
export function Captions({ lines }: { readonly lines: readonly CaptionLine[] }): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <div class="captions" role="log" aria-live="off" aria-label="Captions">
      {lines.map(({ key, name, text }) => (
        <p key={key}>
          <b>{name}</b>
          {tailOf(text)}
        </p>
      ))}
    </div>
  );
}

/** Two lines are read at a glance: of more the end is shown, from a word on. */
function tailOf(text: string): string {
  if (text.length <= MOST) return text;
  const end = text.slice(-MOST);
  return `… ${end.slice(end.indexOf(' ') + 1)}`;
}
