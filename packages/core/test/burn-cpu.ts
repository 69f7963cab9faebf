/** Takes so much processor time, in milliseconds, however busy the machine is. */
export function burnCpu(ms: number): void {
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= ms * 1_000) return;
  }
}
