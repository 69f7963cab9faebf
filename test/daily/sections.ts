import type { Section } from './row.ts';
import { client } from './rows/client.ts';
import { control } from './rows/control.ts';
import { daily } from './rows/daily.ts';
import { devices } from './rows/devices.ts';
import { events } from './rows/events.ts';
import { pacing } from './rows/pacing.ts';
import { renderers } from './rows/renderers.ts';
import { shapes } from './rows/shapes.ts';
import { tracks } from './rows/tracks.ts';

/** In the order of the pages that are made of them. */
export const sections: readonly Section[] = [
  daily,
  devices,
  client,
  tracks,
  control,
  events,
  shapes,
  pacing,
  renderers,
];
