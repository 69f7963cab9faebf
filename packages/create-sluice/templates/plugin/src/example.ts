// Two seconds of a trembling hum, interrupted in the middle. Run it with `npm run example`.
import { graph, realClock, sleep } from '@sluice/core';
// From outside: '__NAME__'.
import { fromHum, toLevels, tremolo } from './index.ts';

const bot = graph('example');
const hum = bot.add(fromHum({ hz: 100, seconds: 2 }));
const trembling = bot.add(tremolo({ hz: 2 }));
const levels = bot.add(
  toLevels({
    everyMs: 60,
    onLevel: ({ seconds, db }) => console.log(`${seconds.toFixed(2)} s ${'#'.repeat(Math.max(0, 60 + db))}`),
  }),
);
hum.out.out.to(trembling.in.in);
trembling.out.out.to(levels.in.in);

const running = bot.run();
await sleep(realClock, 1_000);
// Void from here on is what was made until now, wherever it waits: the stretch that was under way is never told.
const { epoch, heardMs, droppedMs } = await bot.interrupt();
console.log(`interrupted: ${heardMs} ms were told, ${droppedMs} ms dropped; what comes now is of epoch ${epoch}`);
await running;
