// Commands of the system that show what this machine is busy with, by platform: those that are there without installing anything.

/** Something that one looks at. */
export type Shown = 'memory' | 'processor' | 'disk' | 'firewall' | 'interfaces';

const linux: Readonly<Record<Shown, string>> = {
  memory: 'ps -eo pid,rss,args --sort=-rss | head -6',
  processor: 'top -b -n 1 | head -15',
  disk: 'du -xh -d 1 . 2>/dev/null | sort -h | tail -6',
  firewall: 'sudo nft list ruleset || sudo iptables -S',
  interfaces: 'sudo ip link set lo up && ip -brief address',
};

const darwin: Readonly<Record<Shown, string>> = {
  memory: 'ps -axmo pid,rss,args | head -6',
  processor: 'top -l 2 -n 6 -o cpu',
  disk: 'du -xh -d 1 . 2>/dev/null | sort -h | tail -6',
  firewall: 'sudo pfctl -s rules',
  interfaces: 'sudo ifconfig lo0 up && ifconfig',
};

const win32: Readonly<Record<Shown, string>> = {
  memory: 'powershell "Get-Process | Sort-Object WS -Descending | Select-Object -First 5"',
  processor: 'powershell "Get-Process | Sort-Object CPU -Descending | Select-Object -First 5"',
  disk: 'powershell "Get-ChildItem -Recurse -File | Sort-Object Length -Descending | Select-Object -First 5 Length, FullName"',
  firewall: 'netsh advfirewall show allprofiles',
  interfaces: 'ipconfig /all',
};

/** The command that shows it here; of `interfaces` also the one that mends those that are down. */
export function showing(what: Shown, platform: string = process.platform): string {
  return (platform === 'win32' ? win32 : platform === 'darwin' ? darwin : linux)[what];
}
