import type { JSX } from 'preact';
import type { NetworkQuality } from './call-view.ts';
import { Face } from './face.tsx';
import { Icon } from './icons.tsx';
import { NetworkBars } from './network-bars.tsx';
import { Picture } from './picture.tsx';

/** The sound of a tile, as it is heard here. */
export interface TileSound {
  /** `microphone`, `screen sound`, or the name of a custom track. */
  readonly track: string;
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
  readonly onMute: (muted: boolean) => void;
  readonly onVolume: (volume: number) => void;
}

export interface TileProps {
  readonly id: string;
  /** Of whom it is. */
  readonly name: string;
  /** What is written on it: the name, and what is shown. */
  readonly title: string;
  readonly kind: 'person' | 'screen' | 'custom';
  readonly picture?: MediaStreamTrack | undefined;
  /** Own pictures are shown as in a mirror. */
  readonly mirrored?: boolean;
  /** Undefined: has no microphone, or is none of a person. */
  readonly microphone?: boolean | undefined;
  readonly speaking?: boolean;
  readonly network?: NetworkQuality | undefined;
  /** Media should come and does not: `connecting`, `interrupted`. */
  readonly state?: string | undefined;
  readonly sound?: TileSound | undefined;
}

/** One picture or one sound of somebody. */
export function Tile(props: TileProps): JSX.Element {
  const { id, name, title, kind, picture, microphone, speaking, network, state, sound } = props;
  return (
    <figure class={`tile ${kind} ${speaking ? 'speaking' : ''}`} aria-label={title}>
      {picture === undefined ? (
        <div class="middle">
          <Face id={id} name={name} music={kind === 'custom'} />
        </div>
      ) : (
        <Picture track={picture} mirrored={props.mirrored === true} />
      )}
      {state !== undefined && <div class="waiting">{state}</div>}
      <div class="foot">
        <div class="name">
          <span>{title}</span>
          {microphone === false && (
            <span class="muted" role="img" aria-label="microphone off">
              <Icon name="microphone-off" />
            </span>
          )}
          {network !== undefined && network !== 'good' && <NetworkBars quality={network} />}
        </div>
        {sound !== undefined && <Sound name={name} {...sound} />}
      </div>
    </figure>
  );
}

function Sound({ name, track, volume, muted, onMute, onVolume }: TileSound & { readonly name: string }): JSX.Element {
  return (
    <div class="sound">
      <button
        type="button"
        aria-label={`${muted ? 'Unmute' : 'Mute'} ${track} of ${name}`}
        onClick={() => onMute(!muted)}
      >
        <Icon name={muted ? 'sound-off' : 'sound'} />
      </button>
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        aria-label={`Volume of ${track} of ${name}`}
        value={Math.round(volume * 100)}
        onInput={({ currentTarget }) => onVolume(Number(currentTarget.value) / 100)}
      />
    </div>
  );
}
