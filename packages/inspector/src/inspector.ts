import type { Graph } from '@sluice/core';
import { type Arming, type ArmOptions, arm } from './attach/arm.ts';
import { type Inspector, type InspectorOptions, startInspector } from './attach/start-inspector.ts';

async function open(graphs: Graph | readonly Graph[], options: InspectorOptions = {}): Promise<Inspector> {
  return startInspector(listOf(graphs), options);
}

function armGraphs(graphs: Graph | readonly Graph[], options: ArmOptions = {}): Arming {
  return arm(listOf(graphs), options);
}

function listOf(graphs: Graph | readonly Graph[]): readonly Graph[] {
  return Array.isArray(graphs) ? (graphs as readonly Graph[]) : [graphs as Graph];
}

/**
 * Opens a page that shows graphs while they run: nodes and links with their numbers, what is wrong, what happened, and with
 * `media` the sound of each link. It listens on 127.0.0.1 only, behind a token of 128 bits that stands in its address; it
 * keeps no process alive. While nobody looks it costs nothing. `inspector.arm(graphs)` opens it only when SIGUSR2 comes.
 *
 * @param graphs one or several, before or after their start
 * @throws TypeError, RangeError for options (as rejections); `SLUICE_INSPECTOR_LISTEN` for a port that is taken,
 *   `SLUICE_INSPECTOR_RUN_FILE` where the process cannot say that it is there
 *
 * @example
 * const { url, close } = await inspector(bot, { media: true });
 * console.log(url);
 * await bot.run();
 * await close();
 */
export const inspector = Object.assign(open, { arm: armGraphs });
