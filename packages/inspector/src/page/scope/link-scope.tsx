import { useEffect, useRef, useState } from 'preact/hooks';
import type { LinkTopology } from '../../protocol/messages.ts';
import { writeFormat } from '../figures/written.ts';
import { drawPicture } from './draw-picture.ts';
import { drawTrack, TRACK_HEIGHT, TRACK_WIDTH, type TrackColours } from './draw-track.ts';
import { savePng, saveWav } from './save.ts';
import { type AskScope, type Scope, useScope } from './use-scope.ts';

export interface LinkScopeProps {
  readonly ask: AskScope;
  readonly graph: number;
  readonly link: LinkTopology;
  readonly media: boolean;
  /** Not out of a file. */
  readonly live: boolean;
  readonly paused: boolean;
  readonly kept: boolean;
  readonly keep: () => void;
  readonly close: () => void;
  /** Is told what is shown, whenever that is another. */
  readonly known: (scope: Scope) => void;
  /** The media time at the right, in microseconds; undefined for the newest. */
  readonly until: () => number | undefined;
}

/** Milliseconds between two drawings. */
const DRAW_MS = 50;

/** One link: its last ten seconds drawn, and what can be done with them. */
export function LinkScope(props: LinkScopeProps) {
  const { ask, graph, link, media, live, paused, kept, keep, close } = props;
  const scope = useScope(ask, { graph, link: link.id, media, live, paused });
  props.known(scope);
  const until = useRef(props.until);
  until.current = props.until;
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useRef<HTMLCanvasElement>(null);
  const { track, refused, listening, setListening } = scope;
  const [told, tell] = useState('');
  const listen = () => {
    // What comes yet is heard as it comes; a file has all that it has.
    tell(live || listening || !scope.kept.isEmpty ? '' : SILENT);
    setListening(!listening);
  };
  const save = () => tell(saveWav(scope.kept, link.id) ? '' : SILENT);
  useEffect(() => {
    let drawnAt = 0;
    let next = requestAnimationFrame(function draw(now) {
      next = requestAnimationFrame(draw);
      if (now - drawnAt < DRAW_MS) return;
      drawnAt = now;
      if (canvas.current !== null) drawTrack(canvas.current, track, coloursOf(canvas.current), until.current());
      if (picture.current !== null && scope.picture.current !== undefined)
        drawPicture(picture.current, scope.picture.current);
    });
    return () => cancelAnimationFrame(next);
  }, [track, scope.picture]);

  return (
    <section class="scope" aria-label={`Scope of ${link.id}`}>
      <header>
        <strong>{link.id}</strong>
        <span class="quiet">{writeFormat(link.format)}</span>
        <span class="space" />
        {media ? (
          <>
            <button type="button" data-listen aria-pressed={listening} onClick={listen}>
              {listening ? 'Stop listening' : 'Listen'}
            </button>
            <button type="button" onClick={save}>
              Save WAV
            </button>
          </>
        ) : null}
        <button type="button" onClick={() => canvas.current && savePng(canvas.current, link.id)}>
          Save PNG
        </button>
        <button type="button" aria-pressed={kept} onClick={keep}>
          {kept ? 'Kept' : 'Keep to compare'}
        </button>
        <button type="button" aria-label={`Close the scope of ${link.id}`} onClick={close}>
          ✕
        </button>
      </header>
      <p class="quiet" role="status">
        {told}
      </p>
      {refused === undefined ? null : <p class="refused">{refused}</p>}
      {media ? null : (
        <p class="quiet">
          Only how loud it is may be shown. For the sound itself: inspector(graph, {'{ media: true }'}), or
          SLUICE_INSPECT=media.
        </p>
      )}
      {isVideo(link) ? (
        <canvas ref={picture} class="picture" role="img" aria-label={`What passes ${link.id}`} />
      ) : (
        <canvas
          ref={canvas}
          width={TRACK_WIDTH}
          height={TRACK_HEIGHT}
          role="img"
          aria-label={`The last ten seconds of ${link.id}: waveform above, spectrogram below, by media time`}
        />
      )}
    </section>
  );
}

const SILENT = 'No sound came through here within the last ten seconds.';

const isVideo = ({ format }: LinkTopology) => format?.startsWith('video') === true;

function coloursOf(canvas: HTMLElement): TrackColours {
  const style = getComputedStyle(canvas);
  const of = (name: string) => style.getPropertyValue(name);
  return {
    back: of('--canvas'),
    wave: of('--wave'),
    gap: of('--gap-colour'),
    epoch: of('--epoch'),
    line: of('--line'),
    ink: of('--quiet'),
  };
}
