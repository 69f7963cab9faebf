import { type ColorFormat, realClock, sleep, type VideoFramePoolStats } from '@sluice/core';
import { type MediaHostMode, mediaHostModes, startRoomServer } from '@sluice/transport';
import type { Seen } from '../children/seen.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds } from '../measuring/cpu-rounds.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc';
/** The same work without sluice. */
const byHand = 'raw @roamhq/wrtc, drawn, converted and drawn on by hand';
const flags = ['--expose-gc'];
const [width, height] = [1_920, 1_080];
/** The encoder finds its rate, the pool its size. */
const WARM_UP_MS = 10_000;

/** A process that sends pictures, and one that receives them. */
interface Line {
  readonly sender: ChildProgram;
  readonly receiver: ChildProgram;
}

interface Cost {
  /** Percent of a core, the sender with its engine. */
  readonly cpu: Rounds;
  /** Megabytes by which the sender grew. */
  readonly growth: number;
  /** Pictures per second that arrived, and their width in pixels. */
  readonly frameRate: number;
  readonly width: number;
  /** New memory for pictures. */
  readonly misses: number;
}

/** 1080p at 30 pictures a second: drawn, converted, drawn on, into a camera; beside an engine that is only fed. */
export const videoMemory: Bench = {
  name: 'video-memory',
  async run(report, { quick, note }) {
    if (!canMeasureTrees()) return note('no /proc here: no rows');
    const seconds = quick ? 15 : 60;
    const server = await startRoomServer();
    try {
      const theirs = await cost(await rawLine('I420'), seconds);
      const drawn = await cost(await rawLine('RGBA'), seconds);
      for (const mode of mediaHostModes) {
        const ours = await cost(await callLine(server.roomUrl(`video-${mode}`), mode), seconds);
        const peer = (value: number) => ({ name: raw, value });
        report(`pictures that arrive, host ${mode}`, ours.frameRate, '1/s', peer(theirs.frameRate));
        report(`their width, host ${mode}`, ours.width, 'pixels', peer(theirs.width));
        report(`CPU of the sender, host ${mode}`, ours.cpu, '% of a core', peer(theirs.cpu.value), 'lower');
        const sameWork = { name: byHand, value: drawn.cpu.value };
        report(`CPU of the sender, host ${mode}, same work`, ours.cpu, '% of a core', sameWork, 'lower');
        report(`growth in ${seconds} s, host ${mode}`, ours.growth, 'MB', peer(theirs.growth), 'lower');
        report(`pool misses in ${seconds} s, host ${mode}`, ours.misses, 'misses', undefined, 'lower');
      }
    } finally {
      await server.close();
    }
  },
};

async function cost({ sender, receiver }: Line, seconds: number): Promise<Cost> {
  await using _sender = sender;
  await using _receiver = receiver;
  await sleep(realClock, WARM_UP_MS);
  const tree = new ProcessTree(sender.pid);
  const misses = async () => (await sender.call<VideoFramePoolStats>('pool')).misses;
  await sender.call('settle');
  const [memoryBefore, missesBefore] = [tree.memoryMb(), await misses()];
  await receiver.call('seen');
  const cpu = await cpuRounds([tree], seconds);
  const seen = await receiver.call<Seen>('seen');
  await sender.call('settle');
  const grown = { growth: tree.memoryMb() - memoryBefore, misses: (await misses()) - missesBefore };
  if (seen.pictures === 0) throw new Error('no picture arrived');
  return { cpu, frameRate: seen.pictures / seconds, width: seen.width, ...grown };
}

async function rawLine(format: ColorFormat): Promise<Line> {
  const [sender, receiver] = [new ChildProgram('raw-camera', { flags }), new ChildProgram('raw-camera')];
  await sender.call('accept', await receiver.call('answer', await sender.call('offer', width, height, format)));
  await sender.call('send');
  return { sender, receiver };
}

async function callLine(url: string, mode: MediaHostMode): Promise<Line> {
  const [sender, receiver] = [new ChildProgram('call-camera', { flags }), new ChildProgram('call-camera')];
  await receiver.call('watch', url);
  await sender.call('send', url, mode, width, height);
  return { sender, receiver };
}
