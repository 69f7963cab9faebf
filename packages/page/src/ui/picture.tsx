import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface PictureProps {
  readonly track: MediaStreamTrack;
  readonly mirrored: boolean;
}

/** Shows a video track. Its sound, if it has one, is played elsewhere. */
export function Picture({ track, mirrored }: PictureProps): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current!;
    element.srcObject = new MediaStream([track]);
    // Refused only where the page was left meanwhile: it is muted.
    element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return <video ref={video} class={mirrored ? 'mirrored' : ''} muted autoplay playsInline />;
}
