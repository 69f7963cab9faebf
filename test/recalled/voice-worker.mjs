// A worker whose bot is a voice agent, in a process of its own: node voice-worker.mjs <url> <name>. Lines of its output say what its model
// is told and what is kept. Ears, model and voice are the offline fakes; fleet, graph and device are what they are elsewhere.
import { AudioFrame, graph, micros, pushSource } from '@sluice/core';
import { fakeLanguageModel, fakeRecognizer, fakeSynthesizer, fakeVoiceDetector } from '@sluice/core/voice';
import { connectNats, startWorker } from '@sluice/fleet';
import { voiceAgent } from '@sluice/nodes';
import { Daily, toMicrophone } from '@sluice/transport';

const RATE = 16_000;
const [servers, name] = process.argv.slice(2);
const print = (line) => process.stdout.write(`${JSON.stringify({ worker: name, ...line })}\n`);
Daily.init({ mediaHost: 'in-process' });

/** Somebody who speaks for 0.8 s as soon as they are heard, and then listens. */
function person() {
  return pushSource(
    { name: 'person', live: true, format: { kind: 'audio', sampleRate: RATE, channels: 1 } },
    (destination) => {
      let at = 0;
      const timer = setInterval(() => {
        const loud = at >= 10 && at < 50;
        const samples = Int16Array.from({ length: RATE / 50 }, (_, i) => (loud ? 8000 * Math.sin(i / 6) : 0));
        const timestamp = micros(at++ * 20_000);
        destination.next(new AudioFrame({ samples, sampleRate: RATE, channels: 1, timestamp }));
      }, 20);
      return () => clearInterval(timer);
    },
  );
}

function receptionist({ job, lease, moves, kept, keep }) {
  const microphone = Daily.createMicrophoneDevice(`${job}-${lease.revision}`, { sampleRate: RATE, channels: 1 });
  microphone.input.use().set('heard');
  const bot = graph(job);
  const agent = voiceAgent(bot, {
    hears: bot.from(person()),
    speaks: toMicrophone(microphone),
    detector: fakeVoiceDetector(),
    recognizer: fakeRecognizer({ texts: [moves === 0 ? 'my name is Ada' : 'what is my name'] }),
    model: fakeLanguageModel({
      reply: (messages) => {
        print({ messages });
        return 'one two three four five six seven eight nine ten '.repeat(10);
      },
    }),
    synthesizer: fakeSynthesizer(),
  });
  let keeping;
  return {
    run: async () => {
      agent.recall(await kept());
      keeping = setInterval(() => {
        const history = agent.history();
        keep(history);
        print({ history });
      }, 100);
      await bot.run();
    },
    stop: async () => {
      clearInterval(keeping);
      bot.abort();
    },
  };
}

const nats = await connectNats({ servers });
const limits = { lagMs: 5000, cpu: 10, memoryMb: 16_000 };
const worker = await startWorker({ nats, name, leaseMs: 1000, limits, factories: { receptionist } });
print({ id: worker.id });
process.on('disconnect', () => process.exit());
