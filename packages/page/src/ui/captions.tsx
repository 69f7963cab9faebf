import type { JSX } from 'preact';

export interface CaptionLine {
  readonly key: string;
  readonly name: string;
  readonly text: string;
}

/** The last words of who speaks. Not read out: they are heard. */
export function Captions({ lines }: { readonly lines: readonly CaptionLine[] }): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <div class="captions" role="log" aria-live="off" aria-label="Captions">
      {lines.map(({ key, name, text }) => (
        <p key={key}>
          <b>{name}</b>
          {text}
        </p>
      ))}
    </div>
  );
}
