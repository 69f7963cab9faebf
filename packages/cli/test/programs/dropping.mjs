// A graph that drops: its end takes a frame in 40 ms, and they come every 20.
import { createSink, graph, sleep } from '@sluice/core';
import { fromTone } from '@sluice/nodes';

const dropping = graph('dropping');
const slow = createSink({
  name: 'slow',
  open: ({ clock }) => ({ write: () => sleep(clock, 40), end: () => {} }),
});
dropping
  .from(fromTone({ live: true, duration: 0.3 }))
  .with({ link: { policy: 'drop-oldest', capacity: { frames: 1 } } })
  .to(slow);

export default dropping;
