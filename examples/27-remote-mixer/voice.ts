// One voice of the mixer: a file, and the edge that leads to it. The mixer's room is felt here: the file is read as fast as that takes.
import { graph } from '@sluice/core';
import { connectNats, toSubject } from '@sluice/fleet';
import { fromWavFile } from '@sluice/nodes';
import { asset } from '../room.ts';

const [servers = 'nats://127.0.0.1:4222', voice = 'greeting'] = process.argv.slice(2);
await using nats = await connectNats({ servers, name: voice });
const speaker = graph(voice);
speaker.from(fromWavFile(asset(`${voice}.wav`))).to(toSubject(nats, `desk.${voice}`));
await speaker.run();
