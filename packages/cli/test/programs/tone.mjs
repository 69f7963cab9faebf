// A graph: half a second of a tone, softer.
import { graph } from '@sluice/core';
import { fromTone, gain, toNull } from '@sluice/nodes';

const tone = graph('tone');
tone
  .from(fromTone({ frequency: 440, dBFS: -6, duration: 0.5 }))
  .pipe(gain({ db: -6 }))
  .to(toNull());

export default tone;
