// A tone for ever, which shows itself when SIGUSR2 comes.
import { graph } from '@sluice/core';
import { inspector } from '@sluice/inspector';
import { fromTone, toNull } from '@sluice/nodes';

const tone = graph('tone');
tone.from(fromTone({ live: true })).to(toNull());
inspector.arm(tone);
await tone.run();
