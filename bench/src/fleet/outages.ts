import { AudioFrame, createSink, graph, type Micros, pushSource, realClock, sleep } from '@sluice/core';
import { connectNats, fromSubject, openFleet, startWorker, toSubject } from '@sluice/fleet';
import { type LocalNats, startNats } from '@sluice/fleet/testing';
import { CallClient, CustomAudioSource, CustomAudioTrack, Daily } from '@sluice/transport';
import { startJanus, TcpRelay } from '@sluice/transport/testing';
import { speakSlices } from '../children/speak-slices.ts';
import { toneSlices } from '../children/tone-slices.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';

const raw = 'raw @nats-io client, its defaults';
/** How long a server or a way is away. */
const AWAY_MS = 500;
const FRAME_MS = 20;
/** What did not come back by then counts as this. */
const GIVE_UP_MS = 30_000;
const SOUND = 1_500;

/** How soon what stood on a server goes on after the server was killed and started again, and what was lost meanwhile. */
export const outages: Bench = {
  name: 'outages',
  async run(report, { quick }) {
    const times = quick ? 3 : 20;
    await natsKills(report, times);
    await linkCuts(report, times);
    await janusKills(report, times);
  },
};

/** From the start of a server that was killed to the first job that runs; a client without a fleet does the same beside it. */
async function natsKills(report: Report, times: number): Promise<void> {
  await using server = await startNats();
  await using nats = await connectNats({ servers: server.url });
  await using desk = await openFleet({ nats });
  const limits = { lagMs: 10_000, cpu: 10, memoryMb: 100_000 };
  const begun = new Set<string>();
  const brief = ({ job }: { readonly job: string }) => ({
    run: async () => void begun.add(job),
    stop: async () => {},
  });
  const workers = await Promise.all(
    [0, 1].map(() => startWorker({ nats, capacity: 50, limits, factories: { brief } })),
  );
  const ours: number[] = [];
  const theirs: number[] = [];
  const kept: string[] = [];
  for (let time = 0; time < times; time++) {
    // Of these the server has said that it has them, and nobody may have begun them.
    const jobs = await Promise.all([0, 1, 2].map(() => desk.dispatch('brief', {})));
    kept.push(...jobs.map(({ name }) => name));
    await using plain = await rawClient(server);
    await server.kill();
    await sleep(realClock, AWAY_MS);
    await server.restart();
    const back = performance.now();
    const [own, other] = await Promise.all([againAfter(back, () => dispatched(desk)), againAfter(back, plain.asks)]);
    ours.push(own);
    theirs.push(other);
  }
  const until = performance.now() + GIVE_UP_MS;
  while (!kept.every((name) => begun.has(name)) && performance.now() < until) await sleep(realClock, 50);
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const)
    report(
      `NATS killed for ${AWAY_MS} ms, the next job runs, ${name} of ${times}`,
      percentileInTenths(ours, share),
      'ms',
      { name: raw, value: percentileInTenths(theirs, share).value },
      'lower',
    );
  report(
    `jobs of ${kept.length} that were acknowledged before it, and lost`,
    kept.filter((name) => !begun.has(name)).length,
    'jobs',
    undefined,
    'lower',
  );
  await Promise.all(workers.map((worker) => worker.close()));
}

async function dispatched(desk: Awaited<ReturnType<typeof openFleet>>): Promise<void> {
  const job = await desk.dispatch('brief', {});
  await job.started();
}

/** A connection as the client makes it by itself, with something to ask. */
async function rawClient({ url }: LocalNats): Promise<AsyncDisposable & { readonly asks: () => Promise<unknown> }> {
  const { connect } = await import('@nats-io/transport-node');
  const plain = await connect({ servers: url, maxReconnectAttempts: -1 });
  return { asks: () => plain.flush(), [Symbol.asyncDispose]: () => plain.close() };
}

/** Milliseconds from a moment until something succeeds, which is tried again and again. */
async function againAfter(start: number, work: () => Promise<unknown>): Promise<number> {
  while (performance.now() - start < GIVE_UP_MS) {
    const done = await work().then(
      () => true,
      () => false,
    );
    if (done) break;
    await sleep(realClock, 20);
  }
  return performance.now() - start;
}

/** Live sound between two machines whose way is cut: how soon it is there again, and whether each frame came or is told missing. */
async function linkCuts(report: Report, times: number): Promise<void> {
  await using server = await startNats({ jetStream: false });
  const relay = await TcpRelay.open({ port: server.port });
  await using near = await connectNats({ servers: server.url });
  await using far = await connectNats({ servers: `nats://127.0.0.1:${relay.port}` });
  let said = 0;
  let stop = () => {};
  const source = pushSource<AudioFrame>({ name: 'frames', live: true }, (destination) => {
    const timer = setInterval(() => destination.next(frameAt(said++)), FRAME_MS);
    stop = () => destination.complete();
    return () => clearInterval(timer);
  });
  let [came, missingMs, lastAt] = [0, 0, 0];
  const receiver = graph('receiver');
  receiver.from(fromSubject(near, 'cut', { live: true })).to(
    createSink<AudioFrame>({
      name: 'taken',
      open: () => ({
        write: (frame) => {
          came++;
          missingMs += (frame.gap?.duration ?? 0) / 1_000;
          lastAt = performance.now();
          frame.close();
        },
        end: () => {},
      }),
    }),
  );
  const sender = graph('sender');
  sender.from(source).to(toSubject(far, 'cut'));
  const runs = Promise.all([receiver.run(), sender.run()]);
  const back: number[] = [];
  for (let time = 0; time < times; time++) {
    await sleep(realClock, 1_000);
    await relay.cut(AWAY_MS);
    const end = performance.now();
    while (lastAt < end && performance.now() - end < GIVE_UP_MS) await sleep(realClock, 5);
    back.push(lastAt - end);
  }
  await sleep(realClock, 1_000);
  stop();
  await runs;
  await relay.close();
  const untold = said - came - Math.round(missingMs / FRAME_MS);
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const)
    report(
      `link between machines cut for ${AWAY_MS} ms, sound back, ${name} of ${times}`,
      percentileInTenths(back, share),
      'ms',
      undefined,
      'lower',
    );
  report(`frames of ${said} that neither came nor were told missing`, untold, 'frames', undefined, 'lower');
}

function frameAt(number: number): AudioFrame {
  const samples = new Int16Array(320).fill(1_000);
  return new AudioFrame({
    samples,
    sampleRate: 16_000,
    channels: 1,
    timestamp: (number * FRAME_MS * 1_000) as Micros,
  });
}

/** From the start of a Janus that was killed until a call in it is heard again. */
async function janusKills(report: Report, times: number): Promise<void> {
  Daily.init();
  let janus = await startJanus();
  const { port } = janus;
  const [speaker, hearer] = [new CallClient(), new CallClient()];
  const source = new CustomAudioSource(48_000, 1);
  const customTrack = { id: new CustomAudioTrack(source).id };
  await speaker.join(janus.roomUrl('kills'), {
    clientSettings: { inputs: { microphone: { isEnabled: true, settings: { customTrack } } } },
  });
  let heardAt = 0;
  const { id } = speaker.participants().local;
  hearer.setAudioRenderer(
    id,
    (_, frame) => {
      if (frame.samples.some((sample) => sample > SOUND)) heardAt = performance.now();
      frame.close();
    },
    { sampleRate: 48_000, callbackIntervalMs: 10 },
  );
  await hearer.join(janus.roomUrl('kills'));
  const stop = speakSlices([{ write: (samples) => void source.write(samples) }], toneSlices(440, 10));
  const back: number[] = [];
  const isPlayable = () => hearer.participants()[id]?.media.microphone.state === 'playable';
  try {
    for (let time = 0; time < times; time++) {
      const start = performance.now();
      while (heardAt <= start && performance.now() - start < GIVE_UP_MS) await sleep(realClock, 20);
      await janus.close('SIGKILL');
      // What a jitter buffer makes up of the last server's sound is no sound of the next one.
      await sleep(realClock, AWAY_MS);
      while (isPlayable()) await sleep(realClock, 10);
      janus = await startJanus({ port });
      const begun = performance.now();
      while (!isPlayable() && performance.now() - begun < GIVE_UP_MS) await sleep(realClock, 5);
      const playable = performance.now();
      while (heardAt <= playable && performance.now() - begun < GIVE_UP_MS) await sleep(realClock, 5);
      back.push(performance.now() - begun);
    }
  } finally {
    stop();
    await Promise.all([speaker.release(), hearer.release()]);
    await janus.close();
    await Daily.deinit();
  }
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const)
    report(
      `Janus killed and started again, sound back after it answers, ${name} of ${times}`,
      percentileInTenths(back, share),
      'ms',
      undefined,
      'lower',
    );
}
