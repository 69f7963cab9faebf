/** Whoever throws may throw a book: so much of it is told, in UTF-16 units. */
const MOST = 2_000;

/** A text of somebody else as it is told, five times a second and to those who come late: not longer than is read. */
export function toldText(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`;
}
