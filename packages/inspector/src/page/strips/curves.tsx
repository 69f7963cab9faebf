import type { Series } from '../figures/series.ts';
import { STRIP_WIDTH, Strip } from './strip.tsx';

/** How much is drawn at least, in milliseconds. */
const LEAST_MS = 60_000;

export interface CurvesProps {
  /** When each value was told, in milliseconds since 1970, oldest first; not empty. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** Numbers over the same time, one below the other, up to the last of its moments. */
export function Curves({ times, series }: CurvesProps) {
  const end = times.at(-1)!;
  const span = Math.max(end - times[0]!, LEAST_MS);
  const xs = times.map((t) => Math.max(0, STRIP_WIDTH * (1 - (end - t) / span)));
  return (
    <div class="strips">
      {series.map((one) => (
        <Strip key={one.name} series={one} xs={xs} index={times.length - 1} />
      ))}
    </div>
  );
}
