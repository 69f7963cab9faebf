import { AudioFrame, createSink, graph, type Micros, pullSource, pushSource, realClock, sleep } from '@sluice/core';
import { connectNats, type FleetConnection, fromSubject, toSubject } from '@sluice/fleet';
import { startNats } from '@sluice/fleet/testing';
import type { Bench } from '../measuring/report.ts';
import { median, percentileInTenths } from '../measuring/rounds.ts';

const raw = 'raw NATS publish';
/** 20 ms of 48 kHz in stereo. */
const SAMPLES = 1_920;
/** The bytes of such a frame as a message. */
const MESSAGE_BYTES = 64 + SAMPLES * 2;
const format = { sampleRate: 48_000, channels: 2 } as const;
/** The default, and what the sender of a live source makes of it. */
const windows = [256, 64] as const;
const samples = new Int16Array(SAMPLES).fill(1_000);

interface Line {
  readonly near: FleetConnection;
  readonly far: FleetConnection;
}

/** A link between machines beside the same bytes published and subscribed by hand: two connections of one process, in turn. */
export const remoteLink: Bench = {
  name: 'remote-link',
  async run(report, { quick }) {
    await using server = await startNats({ jetStream: false });
    await using near = await connectNats({ servers: server.url });
    await using far = await connectNats({ servers: server.url });
    const line = { near, far };
    const count = quick ? 5_000 : 20_000;
    const rates = new Map<number, number[]>(windows.map((window) => [window, []]));
    const theirs: number[] = [];
    for (let round = 0; round <= (quick ? 5 : 15); round++) {
      for (const [window, ours] of rates) ours.push(await linked(line, count, window));
      theirs.push(await published(line, count));
    }
    // In the first round code is compiled.
    const peer = { name: raw, value: median(theirs.slice(1)).value };
    for (const [window, ours] of rates)
      report(`frames a second, window of ${window}`, median(ours.slice(1)), 'frames', peer, 'higher');
    const [link, plain] = await Promise.all([linkLatency(line, quick ? 3 : 20), rawLatency(line, quick ? 3 : 20)]);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const) {
      const peer = { name: raw, value: percentileInTenths(plain, share).value };
      report(`latency ${name}`, percentileInTenths(link, share), 'ms', peer, 'lower');
    }
  },
};

function frameAt(number: number): AudioFrame {
  return new AudioFrame({ samples, ...format, timestamp: (number * 20_000) as Micros });
}

/** Frames a second from one graph to another. */
async function linked({ near, far }: Line, count: number, windowFrames: number): Promise<number> {
  let sent = 0;
  const source = pullSource<AudioFrame>({ name: 'frames' }, () => ({
    read: () => (sent < count ? frameAt(sent++) : null),
  }));
  const receiver = graph('receiver');
  receiver
    .from(fromSubject(near, 'bench', { windowFrames }))
    .to(createSink<AudioFrame>({ name: 'taken', open: () => ({ write: close, end: () => {} }) }));
  const sender = graph('sender');
  sender.from(source).to(toSubject(far, 'bench'));
  const begun = performance.now();
  await Promise.all([receiver.run(), sender.run()]);
  return (count * 1_000) / (performance.now() - begun);
}

function close(frame: AudioFrame): void {
  frame.close();
}

/** The same bytes without a link: no credit, no graph, nothing made of them but a count. */
async function published({ near, far }: Line, count: number): Promise<number> {
  let came = 0;
  let all = () => {};
  const done = new Promise<void>((resolve) => {
    all = resolve;
  });
  const subscription = near.nats.subscribe('raw', {
    callback: () => {
      if (++came === count) all();
    },
  });
  await near.nats.flush();
  const message = new Uint8Array(MESSAGE_BYTES);
  const begun = performance.now();
  for (let sent = 1; sent <= count; sent++) {
    far.nats.publish('raw', message);
    // Else everything is kept before anything is sent.
    if (sent % 64 === 0) await far.nats.flush();
  }
  await done;
  const took = performance.now() - begun;
  subscription.unsubscribe();
  return (count * 1_000) / took;
}

/** From the source of one graph to the sink of another, for frames in their own time. */
async function linkLatency({ near, far }: Line, seconds: number): Promise<number[]> {
  const sentAt: number[] = [];
  const late: number[] = [];
  const source = pushSource<AudioFrame>({ name: 'frames' }, (destination) => {
    const timer = setInterval(() => {
      if (sentAt.length === seconds * 50) return destination.complete();
      sentAt.push(performance.now());
      destination.next(frameAt(sentAt.length - 1));
    }, 20);
    return () => clearInterval(timer);
  });
  const receiver = graph('receiver');
  receiver.from(fromSubject(near, 'late', { live: true })).to({
    next: ({ timestamp }: AudioFrame) => late.push(performance.now() - sentAt[timestamp / 20_000]!),
  });
  const sender = graph('sender');
  sender.from(source).to(toSubject(far, 'late'));
  const received = receiver.run();
  await sleep(realClock, 100);
  await Promise.all([received, sender.run()]);
  return late.slice(10);
}

async function rawLatency({ near, far }: Line, seconds: number): Promise<number[]> {
  const late: number[] = [];
  let sentAt = 0;
  const subscription = near.nats.subscribe('raw-late', {
    callback: () => {
      late.push(performance.now() - sentAt);
    },
  });
  for (let sent = 0; sent < seconds * 50; sent++) {
    await sleep(realClock, 20);
    sentAt = performance.now();
    far.nats.publish('raw-late', new Uint8Array(MESSAGE_BYTES));
  }
  await sleep(realClock, 100);
  subscription.unsubscribe();
  return late.slice(10);
}
