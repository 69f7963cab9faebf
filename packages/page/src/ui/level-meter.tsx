import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What is quieter is not shown, in dBFS. */
const FLOOR_DB = -60;

export interface LevelMeterProps {
  /** Loudness of the last moments, in dBFS. Asked for with each picture that the screen shows. */
  readonly of: { level(): number };
}

/** Shows that the microphone hears something. */
export function LevelMeter({ of }: LevelMeterProps): JSX.Element {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      const share = Math.min(1, Math.max(0, 1 - of.level() / FLOOR_DB));
      bar.current?.style.setProperty('transform', `scaleX(${share.toFixed(3)})`);
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [of]);
  return (
    <div class="meter" aria-hidden="true">
      <span ref={bar} />
    </div>
  );
}
