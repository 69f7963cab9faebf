/** Commands that a session itself gives, as its control records name them. */
export const sessionControls = {
  program: 'session.program',
  start: 'session.start',
  stop: 'session.stop',
  abort: 'session.abort',
  /** The last record of a file that is whole. */
  end: 'session.end',
} as const;
