import type { ComponentChildren } from 'preact';

export interface ToldProps {
  readonly title: string;
  readonly text: string;
  /** What may be done all the same. */
  readonly more: ComponentChildren;
}

/** One thing that is said, where there is nothing else to show. */
export function Told({ title, text, more }: ToldProps) {
  return (
    <main class="told">
      <h1>{title}</h1>
      <p role="status">{text}</p>
      <p class="actions">{more}</p>
    </main>
  );
}
