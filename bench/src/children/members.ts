import { Member } from './member.ts';
import { serve } from './serve.ts';

let members: Member[] = [];

serve({
  async join(url: string, count: number): Promise<void> {
    members = await Promise.all(Array.from({ length: count }, () => Member.join(url)));
  },

  /** Each asks something now and then for so long. Milliseconds until each answer. */
  async askFor(ms: number, everyMs: number): Promise<number[]> {
    const end = performance.now() + ms;
    const times: number[] = [];
    const talk = async (member: Member, index: number) => {
      await pause((everyMs * index) / members.length);
      while (performance.now() < end) {
        const start = performance.now();
        await member.ask({ ask: 'app-message', data: start });
        times.push(performance.now() - start);
        await pause(everyMs);
      }
    };
    await Promise.all(members.map(talk));
    return times;
  },

  /** Members that are still in. */
  left: (): number => members.filter((member) => member.open).length,
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
