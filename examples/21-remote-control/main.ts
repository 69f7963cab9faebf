// An owner's desk: lists who is there, mutes them, takes and gives back what they may do, shows them out.
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { CallClient, Daily, meetingTokens, startRoomServer } from '@sluice/transport';
import { say } from '../room.ts';

const [given, token] = process.argv.slice(2);
// A room of its own takes guests without a token, and an owner with one.
const tokens = meetingTokens({ secrets: [randomBytes(32)], audience: 'desk', guests: true });
const server = given === undefined ? await startRoomServer({ tokens }) : undefined;
const url = given ?? server!.roomUrl('hello');
const mine = server === undefined ? token : (await tokens.mint({ room: 'hello', owner: true })).token;

Daily.init();
const client = new CallClient();
await client.join(url, { userName: 'desk', ...(mine !== undefined && { token: mine }) });
const commands: Record<string, (id: string) => Promise<void>> = {
  mute: (id) => client.updateRemoteParticipants({ [id]: { inputsEnabled: { microphone: false, camera: false } } }),
  revoke: (id) => client.updateRemoteParticipants({ [id]: { permissions: { canSend: false } } }),
  restore: (id) => client.updateRemoteParticipants({ [id]: { permissions: { canSend: true } } }),
  eject: (id) => client.ejectRemoteParticipants([id]),
};
say(`the room is ${url}; list, ${Object.keys(commands).join(', ')} with a name, or the end of the input`);

for await (const line of createInterface({ input: process.stdin })) {
  const [command = '', name = ''] = line.trim().split(/\s+(.*)/);
  const others = Object.values(client.participants()).filter(({ info }) => !info.isLocal);
  const found = others.find(({ id, info }) => info.userName === name || id === name);
  if (command === 'list')
    for (const { info, media } of others)
      say(
        `${info.userName}: microphone ${media.microphone.state}, may send ${info.permissions.canSend.join(' ') || 'nothing'}`,
      );
  else if (!Object.hasOwn(commands, command)) say(`there is no command ${command}`);
  else if (found === undefined) say(`nobody is called ${name}`);
  else
    await commands[command]!(found.id).then(
      () => say(`${command} ${name}: done`),
      (error: Error) => say(error.message),
    );
}
await client.release();
await Daily.deinit();
await server?.close();
