// The program behind `npm run room`: a room server with a recorder and, if it is asked for, a transcriber. Recordings and
// transcripts themselves are made by the rooms below.

import { invalidArgument } from '@sluice/core';
import { voiceError } from '@sluice/core/voice';
import type { RoomProgramAdditions, RoomServerOptions, RoomTranscriber, TokenGrant } from '@sluice/transport';
import { roomRecorder } from '../recording/room-recorder.ts';
import { roomTranscriber } from '../transcription/room-transcriber.ts';

export const roomAdditions: RoomProgramAdditions = {
  usage: `  --recordings <folder>  where recordings go (recordings). Owners may record; anybody may on this machine, if there
                      is no word of tokens, rooms, names or TLS
  --transcribe <name> what is said can be told as text, by pocketsphinx: English, needs Debian's pocketsphinx
`,
  options: ['recordings', 'transcribe'],
  complete: async (server, { recordings = 'recordings', transcribe }) => ({
    ...server,
    ...ruleOf(server),
    recorder: roomRecorder({ folder: recordings }),
    ...(transcribe === undefined ? {} : { transcriber: await transcriberOf(transcribe) }),
  }),
};

/** Where no rule says who may record: everybody, if that is this machine alone. A network may not fill its disk. */
function ruleOf({ tokens, rooms, hosts = [], tls, insecure }: RoomServerOptions): Pick<RoomServerOptions, 'tokens'> {
  // Without TLS and without `insecure` a server listens on loopback only; more names mean a proxy in front of it.
  const isOpen = tls !== undefined || insecure === true || hosts.length > 0;
  if (tokens !== undefined || rooms !== undefined || isOpen) return {};
  const grant: TokenGrant = { permissions: { canAdmin: ['streaming', 'transcription'] } };
  return { tokens: (token) => (token === undefined ? grant : null) };
}

async function transcriberOf(name: string): Promise<RoomTranscriber> {
  // The other recognisers here understand stated sentences only, or want a model of yours.
  if (name !== 'pocketsphinx') throw invalidArgument('--transcribe', 'pocketsphinx', name);
  const fault = (message: string, cause?: unknown) => voiceError(message, { model: name, category: 'give-up', cause });
  const plugins = [import('@sluice/plugin-pocketsphinx'), import('@sluice/plugin-vad-fvad')] as const;
  const [{ isAvailable, pocketsphinx }, { fvad }] = await Promise.all(plugins).catch((cause: unknown) => {
    throw fault(
      '--transcribe needs its plugins: npm install @sluice/plugin-pocketsphinx @sluice/plugin-vad-fvad',
      cause,
    );
  });
  if (!(await isAvailable()))
    throw fault('--transcribe needs pocketsphinx: apt-get install libpocketsphinx3 pocketsphinx-en-us');
  return roomTranscriber({ recognizer: pocketsphinx(), detector: fvad() });
}
