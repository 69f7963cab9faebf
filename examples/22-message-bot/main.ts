// Answers messages: programs get data back, people an answer in the chat.
import { CallClient, Daily } from '@sluice/transport';
import { openRoom, say } from '../room.ts';

await using room = await openRoom();
Daily.init();
const client = new CallClient();

client.on('app-message', ({ message, from }) => {
  say(`${client.participants()[from]?.info.userName ?? from}: ${JSON.stringify(message)}`);
  // To the one who asked, and to nobody else.
  void client.sendAppMessage({ echo: message, participants: client.participantCounts().present }, from);
});
client.on('chat-message', ({ text, userName }) => {
  const answer = text.endsWith('?') ? `I only know that it is ${new Date().toISOString()}` : `${userName}, I heard you`;
  void client.sendPrebuiltChatMessage(answer);
});
await client.join(room.url, { userName: 'message bot' });
await room.stopped;
await client.release();
await Daily.deinit();
