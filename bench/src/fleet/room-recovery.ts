import { type AudioFrame, realClock, sleep } from '@sluice/core';
import { connectNats, openFleet } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import { CallClient, Daily, fromCall, startRoomServer } from '@sluice/transport';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';

const SOUND = 1_500;
/** Longer than what a jitter buffer makes up of the sound of one who died. */
const SILENT_MS = 400;
/** What did not come back by then counts as this. */
const GIVE_UP_MS = 30_000;

interface Worker {
  readonly program: ChildProgram;
  readonly id: string;
}

/** Somebody in the room: when they heard sound last, and when it was there again after a silence. */
class Ear {
  heardAt = 0;
  backAt = 0;

  hear({ samples }: AudioFrame): void {
    if (!samples.some((sample) => sample > SOUND)) return;
    const now = performance.now();
    if (now - this.heardAt > SILENT_MS) this.backAt = now;
    this.heardAt = now;
  }
}

/** From the kill of a worker until its bot, which speaks in a room, is heard there again from another worker. */
export const roomRecovery: Bench = {
  name: 'room-recovery',
  async run(report, { quick }) {
    Daily.init();
    const rooms = await startRoomServer();
    const room = rooms.roomUrl('stage');
    await using server = await startNats();
    await using nats = await connectNats({ servers: server.url, tenant: 'rooms' });
    await using desk = await openFleet({ nats });
    const start = async (): Promise<Worker> => {
      const program = new ChildProgram('fleet-speaker');
      return { program, id: await program.call<string>('start', server.url, room) };
    };
    const client = new CallClient();
    const ear = new Ear();
    const hearing = fromCall(client, { sampleRate: 48_000 }).subscribe((frame: AudioFrame) => ear.hear(frame));
    await client.join(room);
    const times = quick ? 3 : 20;
    const silent: number[] = [];
    let workers = [await start(), await start()];
    for (let time = 0; time < times; time++) {
      const job = await desk.dispatch('speaker', {}, { job: 'one' });
      const { worker } = await job.started();
      const begun = performance.now();
      while (ear.heardAt < begun && performance.now() - begun < GIVE_UP_MS) await sleep(realClock, 10);
      await sleep(realClock, 1_000 + ((time * 137) % 500));
      const killedAt = performance.now();
      process.kill(workers.find(({ id }) => id === worker)!.program.pid, 'SIGKILL');
      while (ear.backAt < killedAt && performance.now() - killedAt < GIVE_UP_MS) await sleep(realClock, 2);
      silent.push(performance.now() - killedAt);
      // A job whose workers die one after the other within a minute is taken for the cause.
      await job.cancel();
      workers = [...workers.filter(({ id }) => id !== worker), await start()];
    }
    for (const [name, share] of [
      ['p50', 0.5],
      ['p95', 0.95],
    ] as const)
      report(
        `worker killed, its bot heard in the room again, ${name} of ${times}`,
        percentileInTenths(silent, share),
        'ms',
        undefined,
        'lower',
      );
    hearing.unsubscribe();
    await client.release();
    for (const { program } of workers) await program[Symbol.asyncDispose]();
    await rooms.close();
    await Daily.deinit();
  },
};
