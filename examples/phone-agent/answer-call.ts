// The agent's end of a telephone call: ears, a mind and a voice on a WebSocket in Twilio's form.
import { graph, type PlayoutSummary } from '@sluice/core';
import { backChannels, silence, voiceAgent } from '@sluice/nodes';
import { flite } from '@sluice/plugin-flite';
import { soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { type MediaSocketEvent, mediaSocket, twilioForm, type WebSocketLike } from '@sluice/plugin-websocket';
import { say } from '../room.ts';
import { notUnderstood } from '../voice-agent/answers.ts';
import { mind } from '../voice-agent/mind.ts';

/** What it hears. A telephone has half of the band that the recogniser learned from: of fewer sentences fewer are mistaken. */
const sentences = ['hello', 'who are you', 'what can you do', 'please go on', 'stop', 'thank you'];

/** Serves one call, until the caller hangs up. Resolves with what was heard of the agent. */
export async function answerCall(socket: WebSocketLike): Promise<PlayoutSummary> {
  let press = (_digit: string) => {};
  const onEvent = (event: MediaSocketEvent) => {
    if (event.type === 'started') say(`call ${event.start.callId}`);
    if (event.type === 'digit') press(event.digit);
  };
  // In the turn in which the socket came: the first messages come at once.
  const { source, sink, control } = mediaSocket(socket, { form: twilioForm(), onEvent });
  const bot = graph('phone-agent');
  const agent = voiceAgent(bot, {
    hears: bot.from(source),
    speaks: sink,
    detector: fvad(),
    vad: { gate: true },
    recognizer: soundswallower({ sentences }),
    model: mind(),
    synthesizer: flite({ voice: 'rms' }),
    turns: [silence({ ms: 400 }), backChannels()],
    notUnderstood,
    onEvent: (event) => {
      if (event.type === 'logged') say(`${event.entry.who}: ${event.entry.text}${event.entry.interrupted ? ' -' : ''}`);
      if (event.type === 'problem') say(`problem: ${event.error.message}`);
    },
  });
  press = (digit) => {
    say(`key ${digit}`);
    void agent.interrupt().then(() => agent.say(`You pressed ${digit}.`));
  };
  await agent.prefetch();
  await bot.start();
  await control.started;
  agent.say('Good morning.');
  await control.finished;
  agent.end();
  await bot.stop();
  return sink.finished;
}
