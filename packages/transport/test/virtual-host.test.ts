import { VirtualClock } from '@sluice/core/testing';
import { pictureSourcesContract } from './picture-sources-contract.ts';
import { virtualMediaHost } from './virtual-media-host.ts';

for (const takenAfterMs of [0, 20])
  pictureSourcesContract(`of the testing kit, which takes ${takenAfterMs} ms`, () => {
    const clock = new VirtualClock();
    return { host: virtualMediaHost(clock, { takenAfterMs }), settle: () => clock.advance(100) };
  });
