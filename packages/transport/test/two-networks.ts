import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Where a room server is, from either network. */
export const SERVER = '10.7.0.1';

/** Two links from the hub to the far namespace, of which none is up there. Both namespaces last as long as the input. */
const script = `
ip link set lo up
ip address add ${SERVER}/32 dev lo
exec 3<&0
unshare -n cat <&3 >/dev/null &
while [ "$(readlink /proc/$!/ns/net)" = "$(readlink /proc/$$/ns/net)" ]; do sleep 0.01; done
for net in 1 2; do
  ip link add far$net type veth peer name near$net
  ip address add 10.7.$net.1/24 dev far$net
  ip link set far$net up
  ip link set near$net netns $!
done
echo $!
exec cat`;

/** A machine that has one of two networks at a time, and the hub that both lead to. */
export class TwoNetworks {
  readonly #hub: ChildProcess;
  readonly #far: number;

  /** Where iproute2 can be installed and is not. */
  static readonly installable = process.platform === 'linux' && spawnSync('ip', ['-V']).error !== undefined;

  /** Why there can be none on this machine; undefined where there can. */
  static readonly missing = TwoNetworks.installable ? 'iproute2 is not installed' : whyNone();

  static async open(): Promise<TwoNetworks> {
    const hub = spawn('unshare', ['-rn', 'sh', '-ec', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [far] = (await once(hub.stdout!, 'data')) as [Buffer];
    return new TwoNetworks(hub, Number(far));
  }

  private constructor(hub: ChildProcess, far: number) {
    this.#hub = hub;
    this.#far = far;
  }

  /** The command that runs another one at the hub. */
  get atHub(): readonly string[] {
    return enter(this.#hub.pid!);
  }

  /** The command that runs another one on the machine that moves. */
  get farAway(): readonly string[] {
    return enter(this.#far);
  }

  /** That machine is in this network, under an address of it. */
  connect(net: 1 | 2): void {
    this.#run('address', 'add', `10.7.${net}.2/24`, 'dev', `near${net}`);
    this.#run('link', 'set', `near${net}`, 'up');
    this.#run('route', 'replace', 'default', 'via', `10.7.${net}.1`);
  }

  /** It is not any more, and has lost that address. */
  disconnect(net: 1 | 2): void {
    this.#run('address', 'del', `10.7.${net}.2/24`, 'dev', `near${net}`);
    this.#run('link', 'set', `near${net}`, 'down');
  }

  async close(): Promise<void> {
    const ended = once(this.#hub, 'exit');
    this.#hub.stdin!.end();
    await ended;
  }

  #run(...args: readonly string[]): void {
    const [command = '', ...before] = this.farAway;
    execFileSync(command, [...before, 'ip', ...args]);
  }
}

function enter(pid: number): readonly string[] {
  return ['nsenter', '-t', `${pid}`, '-U', '--preserve-credentials', '-n'];
}

function whyNone(): string | undefined {
  if (process.platform !== 'linux') return 'Linux alone has network namespaces';
  const link = ['ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far'];
  return spawnSync('unshare', ['-rn', ...link]).status === 0 ? undefined : 'this user may not make network namespaces';
}
