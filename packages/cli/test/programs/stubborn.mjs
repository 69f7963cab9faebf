// A sink that does not come to its end, as a device that is stuck.
import { createSink, graph } from '@sluice/core';
import { fromTone } from '@sluice/nodes';

const stuck = createSink({
  name: 'stuck',
  open: () => {
    const timer = setInterval(() => {}, 1_000);
    return {
      write() {},
      end() {
        process.stdout.write('asked to end\n');
        return new Promise(() => {});
      },
      abort: () => clearInterval(timer),
    };
  },
});

const bot = graph('stubborn');
bot.from(fromTone({ live: true })).to(stuck);
export default bot;
