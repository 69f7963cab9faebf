import { AudioFrame, samplesToMicros } from '@sluice/core';
import type { RecognizerEvent, RecognizerSession, VoiceDetectorSession, Word } from '@sluice/core/voice';
import { type Peer, type PeerLink, workOf } from './peer.ts';

/** Silence after which a turn is likely over, and over, in seconds of the sound. */
const EAGER_S = 0.3;
const OVER_S = 0.7;

/** A turn under way. */
interface Turn {
  texts: string[];
  words: Word[];
  partial: string;
  isEager: boolean;
}

/**
 * `/v2/listen`: any recogniser's words in turns that end with silence in the sound. `EagerEndOfTurn` and `TurnResumed` come
 * where `eager_eot_threshold` is given; `ForceEndTurn` without a turn is passed over, as the service does.
 */
export function fluxPeer(link: PeerLink, session: RecognizerSession, detector: VoiceDetectorSession): Peer {
  const sampleRate = Number(link.query.get('sample_rate'));
  let isEagerWanted = link.query.has('eager_eot_threshold');
  let samples = 0;
  let sequence = 0;
  let index = 0;
  let turn: Turn | undefined;
  let silentFrom: number | undefined;
  let updatedAt = 0;
  const inOrder = workOf(link);
  const now = () => samples / sampleRate;

  function send(message: object): void {
    link.send({ ...message, request_id: '00000000-0000-4000-8000-000000000003', sequence_id: sequence++ });
  }

  function tell(event: string, more: object = {}): void {
    const { texts, words, partial } = turn ?? { texts: [], words: [], partial: '' };
    updatedAt = now();
    send({
      type: 'TurnInfo',
      event,
      turn_index: index,
      audio_window_start: words[0] === undefined ? now() : words[0].start / 1e6,
      audio_window_end: now(),
      transcript: [...texts, ...(partial === '' ? [] : [partial])].join(' '),
      words: words.map(({ text, start, end }) => ({
        word: text,
        confidence: 0.97,
        start: start / 1e6,
        end: end / 1e6,
      })),
      end_of_turn_confidence: event.endsWith('EndOfTurn') ? 0.9 : 0.1,
      ...more,
    });
  }

  function hear(event: RecognizerEvent): void {
    if (event.type === 'partial') {
      const isNew = turn === undefined;
      turn ??= { texts: [], words: [], partial: '', isEager: false };
      turn.partial = event.text;
      const wasEager = turn.isEager;
      turn.isEager = false;
      return tell(isNew ? 'StartOfTurn' : wasEager ? 'TurnResumed' : 'Update');
    }
    if (turn === undefined) return;
    turn.partial = '';
    if (event.text !== '') turn.texts.push(event.text);
    turn.words.push(...event.words);
  }

  async function settle(): Promise<void> {
    await session.flush();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async function end(trigger: string): Promise<void> {
    await settle();
    if (turn === undefined) return;
    tell('EndOfTurn', { trigger });
    index++;
    turn = undefined;
  }

  async function look(): Promise<void> {
    const silence = silentFrom === undefined ? 0 : now() - silentFrom;
    if (turn !== undefined && silence >= OVER_S) return end('model');
    if (turn !== undefined && silence >= EAGER_S && !turn.isEager && isEagerWanted) {
      await settle();
      turn.isEager = true;
      return tell('EagerEndOfTurn');
    }
    if (now() - updatedAt >= 0.25) tell('Update');
  }

  void (async () => {
    for await (const event of session) hear(event);
  })().catch(() => send({ type: 'Error', code: 'INTERNAL_SERVER_ERROR', description: 'the local recogniser is lost' }));
  void (async () => {
    for await (const { type, at } of detector) silentFrom = type === 'silence' ? at / 1e6 : undefined;
  })().catch(() => {});
  send({ type: 'Connected' });

  async function write(piece: Int16Array): Promise<void> {
    // In pieces, so that a whole file has turns too.
    for (let at = 0; at < piece.length; at += sampleRate / 50) {
      const part = piece.slice(at, at + sampleRate / 50);
      const timestamp = samplesToMicros(samples, sampleRate);
      samples += part.length;
      const frame = new AudioFrame({ samples: part, sampleRate, channels: 1, timestamp });
      await session.write(frame);
      await detector.write(frame);
      await new Promise((resolve) => setImmediate(resolve));
      await look();
    }
  }

  return {
    audio(piece) {
      inOrder(() => write(piece));
    },
    message(message) {
      const { type } = message;
      if (type === 'ForceEndTurn') inOrder(() => end('manual'));
      else if (type === 'Configure') {
        const { thresholds = {} } = message as { thresholds?: { eager_eot_threshold?: number } };
        isEagerWanted ||= thresholds.eager_eot_threshold !== undefined;
        send({ type: 'ConfigureSuccess', thresholds, keyterms: [] });
      } else if (type === 'CloseStream') inOrder(() => link.close(1000, ''));
      else {
        send({ type: 'Error', code: 'UNPARSABLE_CLIENT_MESSAGE', description: 'The message is of no known type.' });
        link.close(1008, '');
      }
    },
  };
}
