import { color } from './color.ts';
import { density } from './density.ts';
import { hop } from './hop.ts';
import { bench as latency } from './latency.ts';
import { memory } from './memory.ts';
import { pace } from './pace.ts';
import type { Bench } from './report.ts';
import { bench as resample } from './resample.ts';
import { skew } from './skew.ts';
import { stall } from './stall.ts';
import { videoMemory } from './video-memory.ts';
import { videoOverlay } from './video-overlay.ts';
import { videoPace } from './video-pace.ts';
import { videoScale } from './video-scale.ts';

export const benches: readonly Bench[] = [
  hop,
  resample,
  pace,
  latency,
  stall,
  skew,
  density,
  memory,
  color,
  videoScale,
  videoOverlay,
  videoPace,
  videoMemory,
];
