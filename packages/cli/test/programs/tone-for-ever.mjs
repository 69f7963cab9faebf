// A graph that ends when it is told to.
import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';

const tone = graph('for-ever');
tone.from(fromTone({ live: true })).to(toNull());

export default tone;
