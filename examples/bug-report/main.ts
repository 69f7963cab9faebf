// A conversation that goes wrong, recorded, replayed, and replayed once more with an agent that was mended.
import { mkdirSync } from 'node:fs';
import { recordSession, replaySession } from '@sluice/core/session';
import { VirtualClock } from '@sluice/core/testing';
import { virtualRoom } from '@sluice/scenario';
import { program } from './agent.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);
const file = 'out/bug.sluice';
mkdirSync('out', { recursive: true });

// Somebody says a number, and thinks before its last digit. The agent does not wait.
const clock = new VirtualClock();
const room = virtualRoom({ clock });
const [place, anna] = [room.join('agent'), room.join('anna')];
const session = await recordSession({ file, program: program(300, place), clock, sound: true, text: true });
for (const [from, to] of [
  [500, 1_500],
  [2_400, 2_900],
] as const)
  anna.place(sound(to - from), clock.now() + from);
await clock.advance(6_000);
for (const { who, text } of session.result.agent.log.entries) print(`  ${who}: ${text}`);
const closing = session.close({ abort: true });
await clock.advance(1_000);
await closing;
await room.close();

// Nothing of the room is there any more: the file is the bug report.
const again = await replaySession(file, { program: program(300) });
print(`replayed: ${again.differences.length === 0 ? 'the same' : 'differs'}, ${again.outputs[0]?.frames} frames`);

// The mended agent waits for longer. What does it do first that the other one did not?
const { differences } = await replaySession(file, { program: program(1_200) });
print(`mended: ${differences.find(({ code }) => code !== 'SLUICE_SESSION_GRAPH')?.message}`);

/** Somebody who speaks, for ears that only hear how loud it is. */
function sound(ms: number): Int16Array {
  return Int16Array.from({ length: ms * 16 }, (_, index) => 8_000 * Math.sin(index / 6));
}
