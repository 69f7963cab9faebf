// A graph of which one end hangs loose.
import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';

export const program = () => {
  const loose = graph('loose');
  loose.from(fromTone({ duration: 0.1 })).to(toNull());
  loose.from(fromTone({ duration: 0.1 }), { name: 'nobody-hears' });
  return loose;
};
