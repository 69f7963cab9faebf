import { type Clock, checkKeys, realClock } from '@sluice/core';
import { fakeRecognizer, fakeSynthesizer, type Recognizer, type Synthesizer } from '@sluice/core/voice';
import { type LocalFault, type LocalService, type ServedSocket, startService } from '@sluice/service/testing';
import { serveRecognition } from './recognition-socket.ts';
import { serveSpeech } from './speech-socket.ts';

/** What the server of {@link startElevenLabsServer} answers, and which faults it has. */
export interface ElevenLabsServerOptions {
  /** Hears what is sent; in place of `texts`. It has to take the rate that the client sends. */
  readonly recognizer?: Recognizer;
  /** What each stretch of speech says, in turn, for every connection. */
  readonly texts?: readonly string[];
  /** Speaks what is asked, at its own rate: give the client's `sampleRate` the same. Default: tones, at the client's rate. */
  readonly synthesizer?: Synthesizer;
  /** The voices that it has. Default: the one that `elevenLabsSpeech` takes by default. */
  readonly voices?: readonly string[];
  /** The only key that it takes. Default: any. */
  readonly apiKey?: string;
  /** What goes wrong with the first connections, one each. */
  readonly faults?: readonly LocalFault[];
  /** Of the models behind it. Default: the real one. */
  readonly clock?: Clock;
}

/** A server that speaks the wire formats of ElevenLabs, on loopback. */
export interface ElevenLabsServer extends LocalService {
  /** For the option `baseUrl` of the models. */
  readonly baseUrl: string;
}

type Making = (socket: ServedSocket, signal: AbortSignal) => Promise<(message: unknown) => void>;

/**
 * Starts ElevenLabs' `multi-stream-input` and `speech-to-text/realtime` on a free port of the loopback interface, with any models
 * behind them.
 *
 * @example
 * await using server = await startElevenLabsServer({ synthesizer: flite() });
 * const synthesizer = elevenLabsSpeech({ baseUrl: server.baseUrl, sampleRate: 16_000, apiKey: () => 'any' });
 */
export async function startElevenLabsServer(options: ElevenLabsServerOptions = {}): Promise<ElevenLabsServer> {
  checkKeys<ElevenLabsServerOptions>('startElevenLabsServer', options, {
    recognizer: true,
    texts: true,
    synthesizer: true,
    voices: true,
    apiKey: true,
    faults: true,
    clock: true,
  });
  const { texts = [], recognizer = fakeRecognizer({ texts }), apiKey, faults = [], clock = realClock } = options;
  const { voices = ['21m00Tcm4TlvDq8ikWAM'] } = options;

  const speak: Making = async (socket, signal) => {
    const sampleRate = Number(/^pcm_(\d+)$/.exec(socket.query.get('output_format') ?? '')?.[1]);
    const { synthesizer = fakeSynthesizer({ sampleRate, pieceLength: sampleRate / 10 }) } = options;
    if (synthesizer.produces.sampleRate !== sampleRate)
      throw new RangeError(`${synthesizer.name} speaks at ${synthesizer.produces.sampleRate} Hz, not ${sampleRate}`);
    return serveSpeech(socket, await synthesizer.open({ clock, signal }));
  };
  const hear: Making = async (socket, signal) => serveRecognition(socket, await recognizer.open({ clock, signal }));

  const speech = voices.map((voice) => [
    `/v1/text-to-speech/${voice}/multi-stream-input`,
    (socket: ServedSocket) => serve(socket, speak),
  ]);
  const service = await startService(
    {
      sockets: {
        ...Object.fromEntries(speech),
        '/v1/speech-to-text/realtime': (socket) => serve(socket, hear),
      },
      ...(apiKey === undefined ? {} : { key: { header: 'xi-api-key', value: apiKey } }),
    },
    faults,
  );
  return { ...service, baseUrl: service.url };
}

function serve(socket: ServedSocket, making: Making): void {
  const over = new AbortController();
  socket.onClose(() => over.abort());
  const refuse = (error: unknown) => {
    void socket.send({ message_type: 'invalid_request', error: 'invalid_request', message: String(error) });
    socket.close(1008, 'invalid_request');
  };
  const taking = making(socket, over.signal);
  taking.catch(refuse);
  socket.onMessage((message) => {
    const isMessage = typeof message === 'object' && message !== null && !(message instanceof Uint8Array);
    void taking.then(
      (take) => (isMessage ? take(message) : refuse('a message that is no JSON')),
      () => {},
    );
  });
}
