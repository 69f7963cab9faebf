// A graph whose sink never ends, and that may take only so long to end.
import { createSink, graph } from '@sluice/core';
import { fromTone } from '@sluice/nodes';

export default () => {
  const slow = graph('slow-end', { deadlines: { drainMs: 50, stopMs: 50 } });
  const write = (frame) => frame.close?.();
  const end = () => new Promise(() => {});
  slow.from(fromTone({ live: true })).to(createSink({ name: 'slow', open: () => ({ write, end }) }));
  return slow;
};
