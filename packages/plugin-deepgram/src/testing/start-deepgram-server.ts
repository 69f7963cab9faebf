import { type Clock, checkKeys, realClock } from '@sluice/core';
import {
  fakeRecognizer,
  fakeSynthesizer,
  fakeVoiceDetector,
  type Recognizer,
  type Synthesizer,
  type VoiceSession,
} from '@sluice/core/voice';
import { pcmSamples } from '@sluice/service';
import { type LocalFault, type LocalService, type ServedSocket, startService } from '@sluice/service/testing';
import { fluxPeer } from './flux-peer.ts';
import { listenPeer } from './listen-peer.ts';
import type { Peer, PeerLink } from './peer.ts';
import { speakPeer } from './speak-peer.ts';

/** What the server of {@link startDeepgramServer} answers, and which faults it has. */
export interface DeepgramServerOptions {
  /** Hears what is sent; in place of `texts`. It has to take the rate that the client sends. */
  readonly recognizer?: Recognizer;
  /** What each stretch of speech says, in turn, for every connection. */
  readonly texts?: readonly string[];
  /** Speaks what is asked, at its own rate: give the client's `sampleRate` the same. Default: tones, at the client's rate. */
  readonly synthesizer?: Synthesizer;
  /** The only key that it takes. Default: any. */
  readonly apiKey?: string;
  /** What goes wrong with the first connections, one each. */
  readonly faults?: readonly LocalFault[];
  /** Of the models behind it. Default: the real one. */
  readonly clock?: Clock;
}

/** A server that speaks the wire formats of Deepgram, on loopback. */
export interface DeepgramServer extends LocalService {
  /** For the option `baseUrl` of the models. */
  readonly baseUrl: string;
}

type Making = (link: PeerLink) => Promise<Peer>;

/**
 * Starts Deepgram's `/v1/listen`, `/v2/listen` and `/v1/speak` on a free port of the loopback interface, with any models behind
 * them. A query that the service would refuse is refused.
 *
 * @example
 * await using server = await startDeepgramServer({ texts: ['hello', 'what time is it'], synthesizer: flite() });
 * const recognizer = deepgramListen({ baseUrl: server.baseUrl, apiKey: () => 'any' });
 */
export async function startDeepgramServer(options: DeepgramServerOptions = {}): Promise<DeepgramServer> {
  checkKeys<DeepgramServerOptions>('startDeepgramServer', options, {
    recognizer: true,
    texts: true,
    synthesizer: true,
    apiKey: true,
    faults: true,
    clock: true,
  });
  const { texts = [], recognizer = fakeRecognizer({ texts }), apiKey, faults = [], clock = realClock } = options;

  const opened = async <S extends VoiceSession<never, unknown, unknown>>(link: PeerLink, session: Promise<S>) => {
    const open = await session;
    link.signal.addEventListener('abort', () => void open.close(), { once: true });
    return open;
  };
  const listen: Making = async (link) =>
    listenPeer(link, await opened(link, recognizer.open({ clock, signal: link.signal })));
  const flux: Making = async (link) => {
    const session = await opened(link, recognizer.open({ clock, signal: link.signal }));
    return fluxPeer(link, session, await opened(link, fakeVoiceDetector().open({ clock, signal: link.signal })));
  };
  const speak: Making = async (link) => {
    const sampleRate = Number(link.query.get('sample_rate'));
    const { synthesizer = fakeSynthesizer({ sampleRate }) } = options;
    if (synthesizer.produces.sampleRate !== sampleRate)
      throw new RangeError(`${synthesizer.name} speaks at ${synthesizer.produces.sampleRate} Hz, not ${sampleRate}`);
    const session = await opened(link, synthesizer.open({ clock, signal: link.signal }));
    return speakPeer(link, session, () => clock.now());
  };

  const service = await startService(
    {
      sockets: {
        '/v1/listen': (socket) => serve(socket, listen),
        '/v2/listen': (socket) => serve(socket, flux),
        '/v1/speak': (socket) => serve(socket, speak),
      },
      ...(apiKey === undefined ? {} : { key: { header: 'authorization', value: `Token ${apiKey}` } }),
    },
    faults,
  );
  return { ...service, baseUrl: service.url };
}

function serve(socket: ServedSocket, making: Making): void {
  const over = new AbortController();
  socket.onClose(() => over.abort());
  const link: PeerLink = {
    query: socket.query,
    signal: over.signal,
    send: (message) => void socket.send(message),
    close: (code, reason) => void socket.close(code, reason),
  };
  const refuse = (error: unknown) => {
    link.send({ type: 'Error', code: 'BAD_REQUEST', description: String(error) });
    link.close(1008, 'DATA-0000');
  };
  const peer = making(link);
  peer.catch(refuse);
  socket.onMessage((message) => {
    void peer.then(
      (one) => {
        if (message instanceof Uint8Array) one.audio?.(pcmSamples(message));
        else if (isTyped(message)) one.message(message);
        else refuse('a message without a type');
      },
      () => {},
    );
  });
}

function isTyped(message: unknown): message is { readonly type: string } {
  return typeof message === 'object' && message !== null && typeof (message as { type?: unknown }).type === 'string';
}
