// For tests of what speaks to a service: a local one with faults, and checks that hold for every such model.

export { garbledForms } from './garbled-forms.ts';
export type { LocalFault } from './local-fault.ts';
export { ObservedSession } from './observed-session.ts';
export type { ServedRequest } from './served-request.ts';
export type { ServedSocket } from './served-socket.ts';
export { type ServiceCheck, serviceChecklist, serviceChecks } from './service-checks.ts';
export type { ServiceSubject } from './service-trial.ts';
export { silenceFrames, toneFrames } from './sound-frames.ts';
export { type LocalService, type ServiceHandlers, startService } from './start-service.ts';
export { endsOf, type ObservedVoice, observeVoice, samplesOf } from './told-speech.ts';
