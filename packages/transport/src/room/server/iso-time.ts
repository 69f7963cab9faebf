import * as v from 'valibot';

const rule = 'a time in ISO 8601 with its zone, as 2030-01-31T12:00:00Z';

/** A point in time as text. What cannot be read is refused: compared with now it would be neither before nor after. */
export const isoTime = v.pipe(
  v.string(),
  v.maxLength(40),
  v.isoTimestamp(rule),
  v.check((text) => Number.isFinite(Date.parse(text)), rule),
);
