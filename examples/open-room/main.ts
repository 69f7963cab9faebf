// A room for people with a browser, with an echo bot and a music bot inside. --lan: for phones in the same network, too.
import { networkInterfaces } from 'node:os';
import { roomRecorder } from '@sluice/recorder';
import { Daily, startRoomServer, type TokenGrant } from '@sluice/transport';
import { renderUnicodeCompact } from 'uqr';
import { letEchoBotIn } from './echo-bot.ts';
import { letMusicBotIn } from './music-bot.ts';
import { readOptions } from './read-options.ts';

const values = readOptions(process.argv.slice(2));
const port = Number(values.port);

// Without TLS a network can read along: it is said below, and asked for by --lan.
const host = values.lan ? '0.0.0.0' : '127.0.0.1';
const recorder = roomRecorder({ folder: values.recordings });
// Who is on this machine may record; a network may not fill its disk.
const tokens = (): TokenGrant => (values.lan ? {} : { permissions: { canAdmin: ['streaming'] } });
const server = await startRoomServer({ host, port, insecure: values.lan, recorder, tokens }).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
const local = `http://127.0.0.1:${server.port}/${values.room}`;
print(local);

Daily.init();
const bots = [await letEchoBotIn(local), await letMusicBotIn(local)];
print('Open it in a browser. Echo says back what you say, Music plays on a track of its own.');
print(`Ctrl-C closes the room. What is recorded in it goes into ${values.recordings}.`);
if (values.lan) tellLan();

await new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
for (const bot of bots) await bot.leave();
await Daily.deinit();
await server.close();

function tellLan(): void {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const address = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  if (address === undefined) return print('This machine has no address in a network: the room is on it alone.');
  const link = `http://${address}:${server.port}/${values.room}`;
  print(`\n${link}\n\n${renderUnicodeCompact(link, { border: 2 })}\n`);
  print(
    'Over http, other machines get no camera and no microphone: browsers give them to secure pages only (https, or',
  );
  print('localhost on this machine). They can join, listen, watch and write. Everybody in the network can read along.');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
