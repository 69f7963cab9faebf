// The same graph as in 10, into a file, on a clock that does not wait.
import { graph } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { toWavFile } from '@sluice/nodes';
import { buildDesk } from '../10-mixing-desk/desk.ts';
import { say } from '../room.ts';

const clock = new VirtualClock();
const show = graph('radio-show', { clock });
const file = toWavFile(process.argv[2] ?? 'show.wav');
buildDesk(show, file);

const begun = process.hrtime.bigint();
const done = show.run();
await clock.run({ until: done });
await done;
const { path, duration } = await file.finished;
const took = Number(process.hrtime.bigint() - begun) / 1e9;
say(`${path}: ${(duration / 1e6).toFixed(1)} s of audio in ${took.toFixed(2)} s`);
