// A bot in a process of its own, on the built packages and with the engine that users have: it speaks a probe signal and
// listens to others.
import { readdirSync, readFileSync } from 'node:fs';
import { graph } from '@sluice/core';
import { CallClient, Daily, toMicrophone } from '@sluice/transport';
import { ProbeListener, probeSignal } from '@sluice/transport/testing';

const client = new CallClient();
Daily.init();
const events = [];
/** Of the machine, so that processes can be compared. */
const now = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;
client.on('participant-left', ({ participant }) => events.push({ at: now(), what: `left ${participant.id}` }));
client.on('network-connection', ({ kind, state }) => events.push({ at: now(), what: `${kind} ${state}` }));
let listener;

const commands = {
  /** Joins, and speaks from then on if `speaks`. */
  join: async (url, speaks) => {
    const microphone = Daily.createMicrophoneDevice('probe', { sampleRate: 48_000 });
    const input = { isEnabled: speaks, settings: { deviceId: 'probe' } };
    await client.join(url, { clientSettings: { inputs: { microphone: input } } });
    const bot = graph('bot');
    bot.from(probeSignal({ sampleRate: 48_000 })).to(toMicrophone(microphone));
    if (speaks) bot.run().catch((error) => events.push({ at: now(), what: `bot ${error}` }));
    return client.participants().local.id;
  },
  listen: (id) => {
    listener = new ProbeListener();
    client.setAudioRenderer(
      id,
      (_, frame) => {
        listener.push(frame.samples, frame, now() - frame.duration / 1_000);
        frame.close();
      },
      { sampleRate: 48_000 },
    );
  },
  /** What was heard since the last time: arrivals by time, and what was missing or silent. */
  heard: () => {
    const { arrivals, gaps, silences, duplicates, orderErrors } = listener.report();
    const told = { arrivals, gaps, silences, duplicates, orderErrors };
    listener.arrivals.length = 0;
    listener.silences.length = 0;
    return told;
  },
  /** Keeps the event loop from running, from now on. */
  block: (ms) =>
    void setTimeout(() => {
      const end = now() + ms;
      while (now() < end);
    }),
  events: () => events.splice(0),
  /** The process of the engine: the child whose program is the engine's. */
  engine: () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((pid) => {
        try {
          const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
          return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('child-entry');
        } catch {
          // It ended meanwhile.
          return false;
        }
      }),
  leave: async () => {
    await client.release();
    await Daily.deinit();
  },
};

process.on('message', async ({ id, name, args }) => {
  try {
    process.send({ id, value: await commands[name](...args) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
