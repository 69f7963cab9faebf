// A graph that gives sound to a file of pictures.
import { graph } from '@sluice/core';
import { fromTone, gain, toNull, toY4mFile } from '@sluice/nodes';

const wrong = graph('wrong');
const tone = wrong.from(fromTone({ duration: 0.1 }));
tone.pipe(gain({ db: -6 })).to(toY4mFile(process.env.PICTURES));
tone.to(toNull());

export default wrong;
