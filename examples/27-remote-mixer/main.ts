// A mixer fed by two other processes: each voice is a graph of its own, whose last edge crosses to this one over NATS.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { graph } from '@sluice/core';
import { connectNats, fromSubject } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { mixer, toWavFile } from '@sluice/nodes';
import { say } from '../room.ts';

const file = process.argv[2] ?? 'mixed.wav';
// A server of its own, for as long as this runs. Elsewhere `nats-server` runs already, and every process is told where.
await using server = await startNats({ jetStream: false });
await using nats = await connectNats({ servers: server.url });

const desk = graph('desk');
const table = desk.add(mixer({ sampleRate: 48_000, channels: 1, timing: 'inputs' }));
const voices = ['greeting', 'music'];
for (const voice of voices) desk.from(fromSubject(nats, `desk.${voice}`)).to(table.input(voice, { gainDb: -6 }));
table.out.out.to(toWavFile(file));

const program = fileURLToPath(new URL('voice.ts', import.meta.url));
const processes = voices.map((voice) => fork(program, [server.url, voice]));
await desk.run();
for (const { pid } of processes) say(`process ${pid} was heard`);
say(`${file} is what they said`);
