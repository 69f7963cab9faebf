import { VirtualClock } from '@sluice/core/testing';
import { virtualMediaHost } from '../src/testing/virtual-media-host.ts';
import { pictureSourcesContract } from './picture-sources-contract.ts';

for (const takenAfterMs of [0, 20])
  pictureSourcesContract(`of the testing kit, which takes ${takenAfterMs} ms`, () => {
    const clock = new VirtualClock();
    return { host: virtualMediaHost(clock, { takenAfterMs }), settle: () => clock.advance(100) };
  });
