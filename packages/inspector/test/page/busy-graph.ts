import { type AudioFrame, audioPort, createSink, defineNode, type Graph, graph, sleep } from '@sluice/core';
import { delay, fromTestPattern, fromTone, gain, pace, toNull } from '@sluice/nodes';

/** Takes a frame only now and then: what is before it waits, or drops. */
const slow = (name: string, everyMs: number) =>
  createSink<AudioFrame>({
    name,
    open: ({ clock }) => ({
      write: async (frame) => {
        frame.close();
        await sleep(clock, everyMs);
      },
      end: () => {},
    }),
  });

/** Fails at its hundredth frame, and takes a message. */
const fragile = defineNode({
  name: 'fragile',
  inputs: { voice: audioPort({ sampleRate: 16_000 }), music: audioPort() },
  outputs: { out: audioPort(), alarm: audioPort({ sampleRate: 16_000, channels: 1 }) },
  optionKeys: ['room'],
  controls: {
    reset: { description: 'Forgets what it heard so far.' },
    'set-room': {
      description: 'Moves to another room.',
      schema: { type: 'object', properties: { room: { type: 'string' } }, required: ['room'] },
    },
  },
  create: (_options: { readonly room?: string }, context) => {
    let frames = 0;
    return {
      onFrame: (port, frame) => {
        if (++frames === 100) throw new Error('the filter became unstable');
        if (port === 'music') context.emit('out', frame);
        else frame.close();
      },
      onControl: ({ type, room }) => type === 'reset' || (type === 'set-room' && typeof room === 'string'),
    };
  },
});

/** A graph with something of everything: groups, a converter, drops, a live part that has to wait, a fault, a picture. */
export function busyGraph(): Graph {
  const bot = graph('talk show');
  const mixer = bot.add(fragile({ room: 'studio 4' }), { onError: 'resume' });
  bot.group('guest', (scope) => {
    const guest = scope.from(fromTone({ live: true, frequency: 440, dBFS: -3 }), { name: 'microphone' });
    guest.to(mixer.in.voice);
    guest.with({ link: { policy: 'drop-oldest', capacity: { frames: 6 } } }).to(slow('recorder', 45));
  });
  bot.from(fromTone({ live: true, frequency: 1_000, dBFS: -20 }), { name: 'music' }).to(mixer.in.music);
  mixer.out.out.pipe(gain({ db: -6 })).to(slow('loudspeaker', 12));
  bot
    .from(fromTone({ waveform: 'sweep', sweepSeconds: 2, sampleRate: 16_000 }), { name: 'jingle' })
    .pipe(pace())
    .to(toNull());
  // What is live suffers where the jingle, held back in the same way, does not.
  bot
    .from(fromTone({ live: true, frequency: 600 }), { name: 'doorbell' })
    .pipe(delay({ ms: 20 }))
    .to(slow('chime', 30));
  bot.from(fromTestPattern({ live: true, width: 320, height: 180, frameRate: 15 }), { name: 'camera' }).to(toNull());
  return bot;
}
