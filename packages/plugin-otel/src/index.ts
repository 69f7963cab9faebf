// Telling OpenTelemetry

export { type Telemetry, type TelemetryOptions, telemetry } from './telemetry.ts';

// What it is told by

export { type AttributeKey, attributes, eventNames, histograms, spanNames } from './names.ts';
