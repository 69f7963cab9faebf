/** What a full link may do with the next frame; `block` is the default, {@link OverflowPolicy} has what each means. */
export const overflowPolicies = ['block', 'drop-oldest', 'drop-newest', 'latest', 'error'] as const;
/**
 * What a full link does. `block`: the sender waits. `drop-oldest`, `drop-newest`: one frame is lost, counted, and leaves
 * a gap on the next one that comes through: what `drop-newest` loses at the very end of a stream is only counted. `latest`:
 * only the newest waits. `error`: the receiver fails.
 */
export type OverflowPolicy = (typeof overflowPolicies)[number];
