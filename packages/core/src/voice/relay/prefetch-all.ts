import type { PrefetchOptions, PrefetchProgress } from '../model.ts';
import { categoryOf, voiceError } from '../voice-error.ts';
import type { AnyModel } from './open-relay.ts';

/** Loads all of several models; one that can be had will do. Progress is of their sum. */
export async function prefetchAll(
  name: string,
  models: readonly AnyModel[],
  { signal, onProgress }: PrefetchOptions = {},
): Promise<void> {
  const progress = new Map<AnyModel, PrefetchProgress>();
  const tell = (model: AnyModel) => (own: PrefetchProgress) => {
    progress.set(model, own);
    const all = [...progress.values()];
    const loadedBytes = all.reduce((sum, one) => sum + one.loadedBytes, 0);
    const totals = all.flatMap(({ totalBytes }) => totalBytes ?? []);
    const known = totals.length === models.length;
    onProgress?.({ loadedBytes, ...(known ? { totalBytes: totals.reduce((sum, one) => sum + one, 0) } : {}) });
  };
  const loading = models.map((model) =>
    model.prefetch({ ...(signal && { signal }), ...(onProgress && { onProgress: tell(model) }) }),
  );
  const results = await Promise.allSettled(loading);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (reasons.length < models.length) return;
  signal?.throwIfAborted();
  throw voiceError('none of them can be loaded', {
    model: name,
    category: categoryOf(reasons[0]),
    received: reasons.map(String).join(' | '),
    cause: new AggregateError(reasons),
  });
}
