import type { OpenOptions, VoiceKind, VoiceModel } from '@sluice/core/voice';

/** All that a model tells of items, and how its session ended. */
export async function gather<Item, Event>(
  model: VoiceModel<VoiceKind, Item, Event, object>,
  items: readonly Item[],
  options: OpenOptions<object> = {},
): Promise<{ readonly events: readonly Event[]; readonly error: unknown }> {
  const session = await model.open(options);
  const events: Event[] = [];
  let error: unknown;
  const reading = (async () => {
    for await (const event of session) events.push(event);
  })().catch((reason: unknown) => {
    error = reason;
  });
  for (const item of items) await session.write(item);
  await session.flush();
  await session.close();
  await reading;
  return { events, error };
}
