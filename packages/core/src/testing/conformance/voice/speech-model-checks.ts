import assert from 'node:assert/strict';
import type {
  SpeechModel,
  SpeechModelEvent,
  SpeechModelItem,
  SpeechReplyEvent,
  SpeechTurnEvent,
} from '../../../voice/index.ts';
import { type Check, check } from '../check.ts';
import { assertRequests } from './assert-requests.ts';
import { modelChecks } from './model-checks.ts';
import { ModelTrial } from './model-trial.ts';
import { durationOf, pieces, type VoiceProfile } from './voice-profile.ts';

type Make = () => SpeechModel<object>;
type Trial = ModelTrial<SpeechModelItem, SpeechModelEvent>;

/** The checks for a speech model: what it is told by text, what it hears, and what was heard of it. */
export function speechModelChecks(profile: VoiceProfile, texts: readonly string[]): readonly Check<Make>[] {
  const secrets = profile.secrets === undefined ? {} : { secrets: profile.secrets };
  const items = (epoch: number): SpeechModelItem[] =>
    texts.flatMap((text, i): SpeechModelItem[] => [
      { type: 'message', message: { role: 'user', text } },
      { type: 'respond', id: `${epoch}-${i}`, epoch },
    ]);
  const told = (event: SpeechModelEvent) => ('id' in event ? `${event.id} ${event.type}` : event.type);
  const trying = (run: (trial: Trial, model: SpeechModel<object>) => Promise<void>) => async (make: Make) => {
    const model = make();
    await using trial = await ModelTrial.open<SpeechModelItem, SpeechModelEvent>(model, secrets);
    await run(trial, model);
  };

  return [
    ...modelChecks<SpeechModelItem, SpeechModelEvent>({ kind: 'speech-model', items, told, asks: true, ...secrets }),
    check<Make>(
      'replies in order, in the sound that it says it produces, with one end each',
      trying(async (trial, { produces }) => {
        await trial.write(...items(0));
        await trial.flush();
        const replies = trial.events.filter(isReply);
        assertRequests(
          replies,
          texts.map((_, i) => ({ id: `0-${i}` })),
        );
        for (const id of new Set(replies.map((event) => event.id))) {
          const own = replies.filter((event) => event.id === id);
          assert.equal(own[0]?.type, 'reply-started', `the first event of ${id}`);
          const sound = own.filter((event) => event.type === 'audio');
          assert.ok(sound.length > 0, `no sound of ${id}`);
          for (const { samples, sampleRate, channels } of sound) {
            assert.deepEqual({ sampleRate, channels }, { ...produces }, `the format of ${id}`);
            assert.equal(samples.length % channels, 0, `whole samples of ${id}`);
          }
        }
      }),
    ),
    check<Make>(
      'goes on after it was told how little was heard of a reply that was cancelled',
      trying(async (trial) => {
        const [message, respond] = items(0);
        await trial.write(message!, respond!);
        await trial.until(() => trial.events.some(({ type }) => type === 'audio'), 'no sound came');
        trial.session.cancel(1);
        await trial.write({ type: 'heard', id: '0-0', heardMs: 20 }, ...items(1));
        await trial.flush();
        // It may have been done with the first before it was cancelled.
        const ends = trial.events.filter((event) => event.type === 'finished' && event.epoch === 1);
        assert.equal(ends.length, texts.length, 'replies that finished after the cancelled one');
      }),
    ),
    check<Make>('tells speech, its end and the end of the turn in this order, within the sound', async (make) => {
      const model = make();
      await using trial = await ModelTrial.open<SpeechModelItem, SpeechModelEvent>(model, secrets);
      for (const frame of pieces(profile, 20)) await trial.write({ type: 'audio', frame });
      const isOver = () => trial.events.some(({ type }) => type === 'turn-over');
      if (!model.detectsTurns) await trial.write({ type: 'turn-over' });
      await trial.until(isOver, 'no end of the turn was told');
      const over = trial.events.filter(isTurn).find(({ type }) => type === 'turn-over')!;
      const own = trial.events.filter((event): event is SpeechTurnEvent => isTurn(event) && event.turn === over.turn);
      const order = own.filter(({ type }) => type !== 'transcript');
      if (model.detectsTurns) assertTurn(order, durationOf(profile));
      assert.equal(order.filter(({ type }) => type === 'turn-over').length, 1, 'ends of the turn');
    }),
  ];
}

function assertTurn(order: readonly SpeechTurnEvent[], duration: number): void {
  assert.equal(order.at(-1)?.type, 'turn-over', 'the last event of a turn');
  let before = 0;
  for (const [index, event] of order.slice(0, -1).entries()) {
    assert.ok(event.type === 'speech', `event ${index} is ${event.type}`);
    assert.equal(event.speaking, index % 2 === 0, `event ${index}`);
    assert.ok(event.at >= before && event.at <= duration, `event ${index} is at ${event.at} us`);
    before = event.at;
  }
  assert.ok(order.length >= 3, 'speech and its end were told');
}

function isReply(event: SpeechModelEvent): event is SpeechReplyEvent {
  return 'id' in event;
}

function isTurn(event: SpeechModelEvent): event is SpeechTurnEvent {
  return 'turn' in event;
}
