// A graph that never ends what it was told to end.
import { createSink, graph } from '@sluice/core';
import { fromTone } from '@sluice/nodes';

const stuck = graph('stuck');
const write = (frame) => frame.close?.();
const end = () => {
  process.stderr.write('it ends\n');
  return new Promise(() => {});
};
stuck.from(fromTone({ live: true })).to(createSink({ name: 'stuck', open: () => ({ write, end }) }));

export default stuck;
