import { AudioFrame, samplesToMicros } from '@sluice/core';
import type { RecognizerEvent, RecognizerSession, Word } from '@sluice/core/voice';
import { pcmSamples } from '@sluice/service';
import type { ServedSocket } from '@sluice/service/testing';

/** Sound without which nothing can be committed, in seconds. */
const LEAST_S = 0.3;

/** `/v1/speech-to-text/realtime`: partials and finals of any recogniser; a commit is answered by a transcript. */
export function serveRecognition(socket: ServedSocket, session: RecognizerSession): (message: unknown) => void {
  const sampleRate = Number(/\d+$/.exec(socket.query.get('audio_format') ?? '')?.[0] ?? 16_000);
  const withTimes = socket.query.get('include_timestamps') === 'true';
  let samples = 0;
  let committedAt = 0;
  let committing = 0;
  let work = Promise.resolve();
  const inOrder = (step: () => void | Promise<void>) => {
    work = work.then(step).catch(() => socket.close(1011, 'the local recogniser is lost'));
  };

  function committed(text: string, words: readonly Word[]): void {
    committedAt = samples;
    void socket.send({ message_type: 'committed_transcript', text });
    if (!withTimes) return;
    void socket.send({
      message_type: 'committed_transcript_with_timestamps',
      text,
      language_code: 'en',
      words: words.flatMap((word, index) => [
        ...(index === 0 ? [] : [wordOf({ ...word, text: ' ', end: word.start }, 'spacing')]),
        wordOf(word, 'word'),
      ]),
    });
  }

  function tell(event: RecognizerEvent): void {
    const { type, text, words } = event;
    if (type === 'partial') return void socket.send({ message_type: 'partial_transcript', text });
    if (committing > 0) committing--;
    committed(text, words);
  }

  async function commit(): Promise<void> {
    if (samples - committedAt < LEAST_S * sampleRate)
      return void socket.send({ message_type: 'commit_throttled', error: 'There is too little audio to commit.' });
    const before = ++committing;
    await session.flush();
    await new Promise((resolve) => setImmediate(resolve));
    if (committing < before) return;
    committing--;
    committed('', []);
  }

  void (async () => {
    for await (const event of session) tell(event);
  })().catch(() => void socket.send({ message_type: 'transcriber_error', error: 'the local recogniser is lost' }));
  void socket.send({
    message_type: 'session_started',
    session_id: 'local',
    config: { sample_rate: sampleRate, model_id: socket.query.get('model_id') },
  });

  return (value) => {
    const { message_type, audio_base_64 = '', commit: isCommit } = value as Record<string, unknown>;
    if (message_type !== 'input_audio_chunk')
      return void socket.send({ message_type: 'input_error', error: 'The message is of no known type.' });
    const piece = pcmSamples(Buffer.from(String(audio_base_64), 'base64'));
    const timestamp = samplesToMicros(samples, sampleRate);
    samples += piece.length;
    if (piece.length > 0)
      inOrder(() => session.write(new AudioFrame({ samples: piece, sampleRate, channels: 1, timestamp })));
    if (isCommit === true) inOrder(commit);
  };
}

function wordOf({ text, start, end }: Word, type: string): object {
  return { text, start: start / 1e6, end: end / 1e6, type, logprob: -0.02, characters: [...text] };
}
