// A decoder that hears how many samples it was given, for the tests of recognisers in threads and processes.
import { serveRecognizer } from '@sluice/core/voice';

let [says, count] = ['', 0];
const heard = () => ({ text: `${says} ${count}`, words: [{ text: says, from: 0, to: count }] });
serveRecognizer(() => ({
  use(setUp) {
    if (setUp === 'refuse') throw new Error('not this one');
    if (setUp === 'die') process.kill(process.pid, 'SIGKILL');
    says = setUp;
  },
  read(samples, tell) {
    if (samples[0] === 13) throw new Error('thirteen');
    count += samples.length;
    tell(heard());
  },
  end() {
    const told = heard();
    count = 0;
    return told;
  },
  drop() {
    count = 0;
  },
}));
