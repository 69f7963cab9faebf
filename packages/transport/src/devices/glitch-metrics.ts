import { GlitchTotals, type Metric, type MetricSample } from '@sluice/core';
import type { TrackGlitches } from './track-glitches.ts';

interface Series {
  readonly labels: MetricSample['labels'];
  readonly totals: GlitchTotals;
}

/**
 * Glitches as figures for Prometheus, a series for each edge, kind, track and participant. What has the same labels, as two
 * clients of this process that hear the same track, is one series: their sum.
 */
export function glitchMetrics(tracks: readonly TrackGlitches[]): readonly Metric[] {
  const series = new Map<string, Series>();
  for (const glitches of tracks) {
    const { edge, kind, track, participantId } = glitches;
    const labels = { edge, kind, track, participant: participantId };
    const key = JSON.stringify(labels);
    const one = series.get(key) ?? { labels, totals: new GlitchTotals() };
    one.totals.add(glitches);
    series.set(key, one);
  }
  const counter = (name: string, help: string, read: (totals: GlitchTotals) => number): Metric => ({
    name,
    help,
    type: 'counter',
    value: [...series.values()].map(({ labels, totals }) => ({ labels, value: read(totals) })),
  });
  return [
    counter('sluice_glitch_gaps_total', 'Gaps in sound that played, freezes of pictures.', ({ gaps }) => gaps),
    counter('sluice_glitch_gap_seconds_total', 'How long gaps and freezes were.', ({ gapMs }) => gapMs / 1000),
    counter(
      'sluice_glitch_concealed_seconds_total',
      'Sound that was made up by receivers.',
      ({ concealedMs }) => concealedMs / 1000,
    ),
    counter('sluice_played_seconds_total', 'How long it played, gaps included.', ({ playedMs }) => playedMs / 1000),
  ];
}
