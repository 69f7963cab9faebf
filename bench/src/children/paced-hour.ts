import { Writable } from 'node:stream';
import { graph, sleep } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { fromTone, pace, toPcm } from '@sluice/nodes';
import { collectGarbage } from './collect-garbage.ts';
import { serve } from './serve.ts';

const residentMb = () => process.memoryUsage.rss() / 2 ** 20;

serve({
  /**
   * Renders 48 kHz stereo through a paced graph. Returns how much memory grew from its second minute on, in MB, and the seconds
   * that it took, without the start of this process.
   */
  async render(
    seconds: number,
    reuseMemory: boolean,
  ): Promise<{ highest: number; end: number; media: number; elapsed: number }> {
    const begin = performance.now();
    const clock = new VirtualClock();
    let bytes = 0;
    const nowhere = new Writable({
      write(chunk: Buffer, _, done) {
        bytes += chunk.length;
        done();
      },
    });
    const render = graph('hour', { clock });
    render
      .from(fromTone({ channels: 2, duration: seconds }))
      .pipe(pace())
      .to(toPcm(nowhere, { reuseMemory }));
    let highest = Number.NEGATIVE_INFINITY;
    let start = 0;
    const watch = async () => {
      await sleep(clock, 60_000);
      collectGarbage();
      start = residentMb();
      for (;;) {
        await sleep(clock, 10_000);
        highest = Math.max(highest, residentMb());
      }
    };
    void watch();
    await Promise.all([clock.run({ until: render.start().then(() => render.finished) }), render.finished]);
    const elapsed = (performance.now() - begin) / 1000;
    collectGarbage();
    return { highest: highest - start, end: residentMb() - start, media: bytes / 4 / 48_000, elapsed };
  },
});
