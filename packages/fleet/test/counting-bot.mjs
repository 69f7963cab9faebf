/** A bot that says a number twenty times a second where no server is needed to hear it, and goes on where the last one ended. */
export function countingBot(say) {
  return async ({ job, kept, keep, lease, log }) => {
    let timer;
    let finish;
    return {
      run: async () => {
        let { n } = (await kept()) ?? { n: 0 };
        log(`goes on at ${n}`);
        const tell = () => {
          n++;
          keep({ n });
          say({ job, n, lease: lease.revision });
        };
        tell();
        timer = setInterval(tell, 50);
        await new Promise((resolve) => (finish = resolve));
      },
      stop: async () => {
        clearInterval(timer);
        finish?.();
      },
    };
  };
}
