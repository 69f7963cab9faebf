const { SLUICE_FAULTS } = process.env;

/** Whether all is tried, as by `npm run faults`: long rows, and others as often as the catalogue says. */
export const all = SLUICE_FAULTS === 'all';
