import type { JSX } from 'preact';
import { Icon } from './icons.tsx';
import { hueOf, initials } from './words/track-words.ts';

export interface FaceProps {
  readonly id: string;
  readonly name: string;
  /** A note instead of letters: what is heard is no voice. */
  readonly music?: boolean;
}

/** What is shown of somebody without a picture. */
export function Face({ id, name, music }: FaceProps): JSX.Element {
  return (
    <div class="face" style={{ '--hue': String(hueOf(id)) }} aria-hidden="true">
      {music ? <Icon name="music" /> : initials(name)}
    </div>
  );
}
