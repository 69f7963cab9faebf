import { createId, PROTOCOL } from '@sluice/protocol';
import { Member } from './member.ts';
import { serve } from './serve.ts';

/** What somebody who means harm does, each kind one after the other, over and over, as fast as its socket takes it. */
serve({
  async attack(url: string, ms: number): Promise<{ readonly sent: number; readonly joins: number }> {
    const end = performance.now() + ms;
    let sent = 0;
    let joins = 0;
    while (performance.now() < end) {
      const member = await Member.join(url).catch(() => undefined);
      if (member === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      joins++;
      const kinds = [flood, rename, strangers, tall];
      while (member.open && performance.now() < end) {
        kinds[sent % kinds.length]!(member);
        if (++sent % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      member.close();
    }
    return { sent, joins };
  },
});

function flood(member: Member): void {
  void member.ask({ ask: 'app-message', data: 'x'.repeat(4_000) });
}

function rename(member: Member): void {
  member.send({ type: 'update', userName: createId() });
}

function strangers(member: Member): void {
  const link = { from: createId() };
  member.send({ type: 'relay', to: createId(), body: { kind: 'subscribe', link, tracks: ['microphone'] } });
}

/** A message that is too long in all but its bytes. */
function tall(member: Member): void {
  member.send({ type: 'resume', protocol: PROTOCOL, id: createId(), secret: 'x'.repeat(43), received: 0 });
}
