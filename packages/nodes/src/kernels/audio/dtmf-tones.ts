/** Frequencies of the rows of a keypad in Hz (ITU-T Q.23). */
export const dtmfRows = [697, 770, 852, 941] as const;
/** Frequencies of its columns in Hz. */
export const dtmfColumns = [1209, 1336, 1477, 1633] as const;
/** The keys, row by row. */
export const dtmfKeys = '123A456B789C*0#D';
