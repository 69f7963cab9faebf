import type { SynthesizerEvent, SynthesizerSession } from '@sluice/core/voice';
import type { Peer, PeerLink } from './peer.ts';

/** Bytes in a message of audio at most. */
const PIECE = 8_192;
/** Flushes that are taken in 60 s. */
const FLUSHES = 20;

/** `/v1/speak`: any synthesizer's sound as bytes; `Clear` gives up what is under way, and is answered in its place. */
export function speakPeer(link: PeerLink, session: SynthesizerSession, now: () => number): Peer {
  let text = '';
  let sequence = 0;
  let epoch = 0;
  let requests = 0;
  const flushes: number[] = [];

  function tell(event: SynthesizerEvent): void {
    if (event.type === 'audio') {
      const { buffer, byteOffset, byteLength } = event.samples;
      for (let at = 0; at < byteLength; at += PIECE)
        link.send(new Uint8Array(buffer as ArrayBuffer, byteOffset + at, Math.min(PIECE, byteLength - at)));
    } else if (event.type === 'finished') link.send({ type: 'Flushed', sequence_id: sequence++ });
    else if (event.type === 'failed') link.close(1011, 'NET-0000');
  }

  function flush(): void {
    while (flushes[0] !== undefined && flushes[0] <= now() - 60_000) flushes.shift();
    if (flushes.length >= FLUSHES)
      return link.send({ type: 'Warning', code: 'EXCESSIVE_FLUSH', description: 'Too many Flush messages in 60 s.' });
    flushes.push(now());
    const asked = text;
    text = '';
    void session.write({ id: `${++requests}`, epoch, text: asked });
  }

  void (async () => {
    for await (const event of session) tell(event);
  })().catch(() => link.close(1011, 'NET-0000'));
  link.send({
    type: 'Metadata',
    request_id: '00000000-0000-4000-8000-000000000004',
    model_name: link.query.get('model') ?? '',
    model_version: '0',
    model_uuid: '00000000-0000-4000-8000-000000000005',
  });

  return {
    message(message) {
      const { type } = message;
      if (type === 'Speak') text += String(message.text ?? '');
      else if (type === 'Flush') flush();
      else if (type === 'Clear') {
        text = '';
        session.cancel(++epoch);
        link.send({ type: 'Cleared', sequence_id: sequence++ });
      } else if (type === 'Close') link.close(1000, '');
      else link.send({ type: 'Warning', code: 'UNKNOWN_MESSAGE', description: 'The message is of no known type.' });
    },
  };
}
