import { useEffect, useRef } from 'preact/hooks';
import { drawPicture } from './draw-picture.ts';
import type { AskScope } from './use-scope.ts';

export interface ThumbnailProps {
  readonly ask: AskScope;
  readonly graph: number;
  readonly link: string;
  /** `now`: as it passes. `still`: the last one stays. `none`: what passes now is not what is shown. */
  readonly shows: 'now' | 'still' | 'none';
}

/** A small picture of what passes a link. It is asked for only while it is in view. */
export function Thumbnail({ ask, graph, link, shows }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { current } = canvas;
    if (current === null || shows !== 'now') return;
    const begin = () => {
      let over = false;
      let end = () => {};
      ask(graph, link, ['thumbnail'], (packet) => packet.kind === 'picture' && drawPicture(current, packet)).then(
        (close) => {
          if (over) close();
          else end = close;
        },
        // Refused: more are in view than are made. It is asked for again when it comes back into view.
        () => {},
      );
      return () => {
        over = true;
        end();
      };
    };
    let leave: (() => void) | undefined;
    const observer = new IntersectionObserver((entries) => {
      const isSeen = entries.at(-1)!.isIntersecting;
      if (isSeen === (leave !== undefined)) return;
      leave = isSeen ? begin() : void leave?.();
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
      leave?.();
    };
  }, [ask, graph, link, shows]);
  return (
    <span class="thumbnail" aria-hidden="true">
      <canvas ref={canvas} hidden={shows === 'none'} width={0} height={0} />
    </span>
  );
}
