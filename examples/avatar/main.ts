// An agent with a face: its mouth follows the voice that leaves its device. --simulate: lip sync, measured at the far end.
import { Daily } from '@sluice/transport';
import { openRoom, say } from '../room.ts';
import { startAvatar } from './agent.ts';
import { simulate } from './simulate.ts';

Daily.init();
if (process.argv.includes('--simulate')) {
  process.exitCode = await simulate((line) => void process.stdout.write(`${line}\n`));
} else {
  await using room = await openRoom();
  const avatar = await startAvatar(room.url, (event) => {
    if (event.type === 'logged') say(`${event.entry.who}: ${event.entry.text}`);
  });
  say(`the avatar is in the room: open ${room.url} in a browser, or join with a program`);
  await room.stopped;
  await avatar.close();
}
await Daily.deinit();
