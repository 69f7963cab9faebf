import { type Graph, graph, prometheus } from '@sluice/core';
import { type Inspector, inspector } from '@sluice/inspector';
import { addLines } from './add-lines.ts';
import { serve } from './serve.ts';

let bot: Graph;
let open: Inspector;

serve({
  /** Runs lines of five nodes on 48 kHz, 50 frames a second, with an inspector that nobody looks into yet. */
  async start(lines: number): Promise<{ port: number; token: string; nodes: number; link: string }> {
    bot = graph('inspected');
    addLines(bot, lines);
    open = await inspector(bot, { media: true, runFile: false });
    await bot.start();
    const { nodes, links } = bot.inspect();
    return { port: open.port, token: open.token, nodes: nodes.length, link: links[0]!.id };
  },
  /** What this process has taken of processors, in milliseconds. */
  cpuMs(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  /** What it takes to write its figures for Prometheus, in milliseconds: the mean of fifty. */
  scrapeMs(): number {
    const startedAt = performance.now();
    for (let scrape = 0; scrape < 50; scrape++) prometheus(bot);
    return (performance.now() - startedAt) / 50;
  },
  /** Frames that have passed the first link. */
  frames: () => bot.inspect().links[0]!.frames,
  async stop(): Promise<void> {
    await open.close();
    bot.abort();
  },
});
