// Takes what it is told to: node greedy-child.mjs <ms of CPU time, or `ever`> <MiB>. Says so, and stays until it is asked to go.
const [cpuMs, memoryMb] = process.argv.slice(2);
const kept = Buffer.alloc(Number(memoryMb) * 2 ** 20, 1);
const usedMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const burn = () => {
  for (let i = 0; i < 1e6; i++) kept[i % 1024] = i;
};
if (cpuMs === 'ever') setInterval(burn, 0);
else for (const until = usedMs() + Number(cpuMs); usedMs() < until; ) burn();
process.send(kept.length);
process.on('disconnect', () => process.exit());
