// npm run demo: somebody without a microphone meets the program in a call and says hello. What they hear goes into a file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AudioFrame, graph } from '@sluice/core';
import { fromWavFile, tap, toWavFile } from '@sluice/nodes';
import { CallClient, Daily, fromCall, startRoomServer, toMicrophone } from '@sluice/transport';

/** The file, and what else the program is told. */
const [file = 'out.wav', ...more] = process.argv.slice(2);
const server = await startRoomServer();
const url = server.roomUrl('demo');
Daily.init();
const microphone = Daily.createMicrophoneDevice('person', { sampleRate: 48_000, channels: 1 });
const client = new CallClient();
const inputs = { camera: false, microphone: { isEnabled: true, settings: { deviceId: 'person' } } } as const;
await client.join(url, { clientSettings: { inputs } });

const ears = graph('ears');
const wav = toWavFile(file);
let hears = () => {};
const isHeard = new Promise<void>((resolve) => {
  hears = resolve;
});
const watch = tap<AudioFrame>(({ samples }) => {
  if (samples.some((sample) => sample > 1_000)) hears();
});
ears
  .from(fromCall(client, { sampleRate: 48_000 }))
  .pipe(watch)
  .to(wav);
const mouth = graph('mouth');
mouth.from(fromWavFile(join(import.meta.dirname, '../sound/hello.wav'))).to(toMicrophone(microphone));

const joined = new Promise((resolve) => client.once('participant-joined', resolve));
const program = spawn(process.execPath, [join(import.meta.dirname, 'main.js'), url, ...more], { stdio: 'inherit' });
const ended = once(program, 'exit');
// However this ends, nobody is left in a room that is gone.
process.once('exit', () => program.kill());
await Promise.race([joined, ended]);
await ears.start();
// In the middle of what it says first.
await Promise.race([isHeard, sleep(5_000), ended]);
await sleep(1_000);
console.log('a person says hello');
await mouth.run();
await Promise.race([sleep(4_000), ended]);
program.kill('SIGINT');
const [status] = await ended;
await ears.stop();
console.log(`what they heard is in ${(await wav.finished).path}`);
await client.release();
await Daily.deinit();
await server.close();
// What it said of that stands above.
if (status !== 0) {
  console.error(`the program ended with ${status ?? 'a signal'}`);
  process.exitCode = 1;
}
