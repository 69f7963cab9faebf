import { AudioFrame, samplesToMicros } from '@sluice/core';
import type { RecognizerEvent, RecognizerSession, Word } from '@sluice/core/voice';
import { type Peer, type PeerLink, workOf } from './peer.ts';

/**
 * `/v1/listen`: partials and finals of any recogniser as `Results`. A `Finalize` is answered with one that has
 * `from_finalize`, also where nothing was said; what the recogniser ends by itself has `speech_final`.
 */
export function listenPeer(link: PeerLink, session: RecognizerSession): Peer {
  const sampleRate = Number(link.query.get('sample_rate'));
  const isInterimWanted = link.query.get('interim_results') === 'true';
  let samples = 0;
  let answeredTo = 0;
  let finalizing = 0;
  const inOrder = workOf(link);
  const now = () => samples / sampleRate;

  function results(text: string, words: readonly Word[], flags: object): void {
    link.send({
      type: 'Results',
      channel_index: [0, 1],
      duration: now() - answeredTo,
      start: answeredTo,
      ...flags,
      channel: { alternatives: [{ transcript: text, confidence: text === '' ? 0 : 0.98, words: words.map(wordOf) }] },
      metadata: {
        request_id: '00000000-0000-4000-8000-000000000001',
        model_info: { name: 'local', version: '0', arch: 'local' },
        model_uuid: '00000000-0000-4000-8000-000000000002',
      },
    });
  }

  function tell(event: RecognizerEvent): void {
    const { type, text, words } = event;
    if (type === 'partial') {
      if (isInterimWanted) results(text, words, { is_final: false, speech_final: false });
      return;
    }
    const fromFinalize = finalizing > 0;
    if (fromFinalize) finalizing--;
    results(text, words, { is_final: true, speech_final: !fromFinalize, from_finalize: fromFinalize });
    answeredTo = now();
  }

  async function finalize(): Promise<void> {
    const before = ++finalizing;
    await session.flush();
    await new Promise((resolve) => setImmediate(resolve));
    // Nothing was said: there is an answer all the same.
    if (finalizing < before || link.signal.aborted) return;
    finalizing--;
    results('', [], { is_final: true, speech_final: false, from_finalize: true });
    answeredTo = now();
  }

  void (async () => {
    for await (const event of session) tell(event);
  })().catch(() => link.close(1011, 'NET-0000'));

  return {
    audio(piece) {
      const timestamp = samplesToMicros(samples, sampleRate);
      samples += piece.length;
      inOrder(() => session.write(new AudioFrame({ samples: piece, sampleRate, channels: 1, timestamp })));
    },
    message({ type }) {
      if (type === 'Finalize') inOrder(finalize);
      else if (type === 'CloseStream')
        inOrder(async () => {
          await finalize();
          link.send({ type: 'Metadata', request_id: '', sha256: '', created: '', duration: now(), channels: 1 });
          link.close(1000, '');
        });
      else if (type !== 'KeepAlive') link.close(1008, 'DATA-0000');
    },
  };
}

function wordOf({ text, start, end, confidence = 0.98 }: Word): object {
  const word = text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, '');
  return { word, start: start / 1e6, end: end / 1e6, confidence, punctuated_word: text };
}
