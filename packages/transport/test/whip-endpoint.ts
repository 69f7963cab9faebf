import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock } from '@sluice/core';
import { createInProcessHost } from '../src/host/engine/in-process-host.ts';
import type { HostConnection, HostPicture } from '../src/host/media-host.ts';
import { Gathering } from '../src/whip/gathering.ts';
import { candidatesOf, sdpSections, withCandidates } from '../src/whip/sdp-sections.ts';

/** An endpoint of a test: `/whip` takes a session and `/whep` gives out what it takes, decoded and encoded again. */
export interface WhipEndpoint {
  readonly url: string;
  /** Method and path of each request, in order. */
  readonly requests: string[];
  readonly offers: string[];
  /** Ends the connections and says nothing. */
  vanish(): void;
  close(): Promise<void>;
}

export async function startWhipEndpoint(token: string): Promise<WhipEndpoint> {
  const host = createInProcessHost();
  const sound = host.createAudioSource({ sampleRate: 48_000, channels: 1, autoSilence: true, cushionMs: 40 });
  const pictures = host.createVideoSource({ screen: false });
  const sessions = new Map<string, HostConnection>();
  const requests: string[] = [];
  const offers: string[] = [];
  const relay = (connection: HostConnection) => {
    for (const name of ['audio', 'video']) connection.receive(name, true);
    connection.on('audio', ({ samples, channels }) => sound.write(samples.filter((_, at) => at % channels === 0)));
    connection.on('video', ({ picture }: { picture: HostPicture }) => pictures.write(picture, () => {}));
  };
  const answer = async (path: string, sdp: string) => {
    const connection = host.createConnection({ candidates: 'all' });
    const gathering = new Gathering(connection, realClock);
    if (path === '/whip') relay(connection);
    else
      for (const { kind } of sdpSections(sdp)) {
        if (kind === 'audio') connection.addTrack('microphone', sound);
        else connection.addTrack('camera', pictures);
      }
    const tracks = path === '/whep' ? [] : sdpSections(sdp).map(({ mid, kind }) => ({ mid, name: kind }));
    await connection.setRemoteDescription({ type: 'offer', sdp, tracks });
    for (const candidate of candidatesOf(sdp)) await connection.addIceCandidate(candidate);
    const { sdp: made } = await connection.createAnswer();
    const candidates = await gathering.settled();
    gathering.close();
    sessions.set(`${path}/${sessions.size + 1}`, connection);
    return withCandidates(made, candidates, true);
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const method = request.method ?? '';
    requests.push(`${method} ${path}`);
    if (method === 'OPTIONS') return response.writeHead(204).end();
    if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end();
    if (method === 'DELETE') {
      sessions.get(path)?.close();
      return response.writeHead(sessions.delete(path) ? 200 : 404).end();
    }
    if (method !== 'POST' || request.headers['content-type'] !== 'application/sdp')
      return response.writeHead(405).end();
    const offer = await bodyOf(request);
    offers.push(offer);
    const sdp = await answer(path, offer);
    response.writeHead(201, { 'content-type': 'application/sdp', location: `${path}/${sessions.size}` }).end(sdp);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const vanish = () => {
    for (const connection of sessions.values()) connection.close();
    sessions.clear();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    offers,
    vanish,
    close: async () => {
      vanish();
      server.close();
      server.closeAllConnections();
      await host.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
