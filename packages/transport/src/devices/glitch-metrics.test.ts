import { glitchRates, metricsText } from '@sluice/core';
import { expect, test } from 'vitest';
import { glitchMetrics } from './glitch-metrics.ts';
import type { TrackGlitches } from './track-glitches.ts';

const glitches = (track: string, gaps: number): TrackGlitches => ({
  edge: 'receiver',
  kind: 'audio',
  track,
  participantId: 'ada',
  ...glitchRates({ gaps, gapMs: 250 * gaps, concealedMs: 30, playedMs: 90_000 }),
});

test('each track is a series, two that hear the same are one, and no label breaks a line', () => {
  const tracks = [glitches('microphone', 1), glitches('customAudio.a"b\n', 0), glitches('microphone', 2)];
  expect(metricsText(glitchMetrics(tracks))).toMatchInlineSnapshot(`
    "# HELP sluice_glitch_gaps_total Gaps in sound that played, freezes of pictures.
    # TYPE sluice_glitch_gaps_total counter
    sluice_glitch_gaps_total{edge="receiver",kind="audio",track="microphone",participant="ada"} 3
    sluice_glitch_gaps_total{edge="receiver",kind="audio",track="customAudio.a\\"b\\n",participant="ada"} 0
    # HELP sluice_glitch_gap_seconds_total How long gaps and freezes were.
    # TYPE sluice_glitch_gap_seconds_total counter
    sluice_glitch_gap_seconds_total{edge="receiver",kind="audio",track="microphone",participant="ada"} 0.75
    sluice_glitch_gap_seconds_total{edge="receiver",kind="audio",track="customAudio.a\\"b\\n",participant="ada"} 0
    # HELP sluice_glitch_concealed_seconds_total Sound that was made up by receivers.
    # TYPE sluice_glitch_concealed_seconds_total counter
    sluice_glitch_concealed_seconds_total{edge="receiver",kind="audio",track="microphone",participant="ada"} 0.06
    sluice_glitch_concealed_seconds_total{edge="receiver",kind="audio",track="customAudio.a\\"b\\n",participant="ada"} 0.03
    # HELP sluice_played_seconds_total How long it played, gaps included.
    # TYPE sluice_played_seconds_total counter
    sluice_played_seconds_total{edge="receiver",kind="audio",track="microphone",participant="ada"} 180
    sluice_played_seconds_total{edge="receiver",kind="audio",track="customAudio.a\\"b\\n",participant="ada"} 90
    "
  `);
});

test('without a call there are names and no series', () => {
  const names = glitchMetrics([]).map(({ name, value }) => [name, value]);
  expect(names).toEqual([
    ['sluice_glitch_gaps_total', []],
    ['sluice_glitch_gap_seconds_total', []],
    ['sluice_glitch_concealed_seconds_total', []],
    ['sluice_played_seconds_total', []],
  ]);
});
