/** Something of the outside, or what makes it: a replay, which has no outside, then never calls for it. */
export type Made<T extends object> = T | (() => T);

export function made<T extends object>(make: Made<T>): T {
  return typeof make === 'function' ? (make as () => T)() : make;
}
