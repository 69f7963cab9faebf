import { realClock, sleep } from '@sluice/core';
import { CallClient, Daily, type RoomServer } from '@sluice/transport';
import { ProbeListener, probeSamples, rawCall } from '@sluice/transport/testing';
import { median, type Rounds } from '../measuring/rounds.ts';

const sampleRate = 48_000;
const format = { sampleRate, channels: 1 };
/** Each is 600 ms long and comes after a rest of at least as much. */
const FRAMES = 30;
const REST_MS = 700;

/** Writes an utterance, and gives what was heard from then on to a new listener. */
interface Line {
  listen(listener: ProbeListener): void;
  write(samples: Int16Array): void;
}

/** The median time from one write of a whole utterance to its first sample, into the raw engine: silence, then slice by slice. */
export async function rawUtterance(times: number): Promise<Rounds> {
  const call = await rawCall({ sampleRate });
  let listener = new ProbeListener();
  call.onAudio((audio, at) => listener.push(audio.samples, { ...format, channels: audio.channelCount }, at));
  const queue: Int16Array[] = [];
  const silence = new Int16Array(sampleRate / 100);
  const start = realClock.now();
  let ticks = 0;
  const tick = () => {
    for (; start + ticks * 10 <= realClock.now(); ticks++) call.write(queue.shift() ?? silence);
    cancel = realClock.at(start + ticks * 10, tick);
  };
  let cancel = realClock.at(start, tick);
  try {
    return await measure(times, {
      listen: (next) => {
        listener = next;
      },
      write: (samples) => {
        for (let at = 0; at < samples.length; at += silence.length) queue.push(samples.slice(at, at + silence.length));
      },
    });
  } finally {
    cancel();
    call.close();
  }
}

/** The same into a microphone that is sent and silent. */
export async function microphoneUtterance(server: RoomServer, times: number): Promise<Rounds> {
  await using speaker = new CallClient();
  await using hearer = new CallClient();
  const microphone = Daily.createMicrophoneDevice('utterances', format);
  const settings = { isEnabled: true, settings: { deviceId: 'utterances' } };
  const url = server.roomUrl('utterances');
  await speaker.join(url, { clientSettings: { inputs: { microphone: settings } } });
  let listener = new ProbeListener();
  hearer.setAudioRenderer(
    speaker.participants().local.id,
    (_, frame) => {
      listener.push(frame.samples, frame, realClock.now());
      frame.close();
    },
    { sampleRate, callbackIntervalMs: 10 },
  );
  await hearer.join(url);
  const first = microphone.write(new Int16Array(sampleRate / 100));
  microphone.flush();
  await first.ready;
  const found = await measure(times, {
    listen: (next) => {
      listener = next;
    },
    write: (samples) => {
      microphone.write(samples);
      microphone.flush();
    },
  });
  Daily.destroyDevice(microphone);
  return found;
}

async function measure(times: number, line: Line): Promise<Rounds> {
  const utterance = probeSamples(FRAMES, format);
  const delays: number[] = [];
  await sleep(realClock, 2_000);
  for (let count = 0; count < times; count++) {
    const listener = new ProbeListener();
    line.listen(listener);
    // Not in step with ticks of 10 ms.
    await sleep(realClock, REST_MS + ((count * 37) % 100) / 10);
    const written = realClock.now();
    line.write(utterance.slice());
    await sleep(realClock, FRAMES * 20 + REST_MS);
    const { delay } = listener.report({
      // What is heard of the second frame came with the first write as well, 20 ms behind the first.
      emittedAt: (index) => (index < 2 ? written + index * 20 : undefined),
      expected: { first: 0, end: FRAMES },
    });
    if (delay !== undefined) delays.push(delay.median);
  }
  if (delays.length < times / 2) throw new Error(`only ${delays.length} of ${times} utterances were heard`);
  return median(delays);
}
