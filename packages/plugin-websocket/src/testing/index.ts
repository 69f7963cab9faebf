// Far sides without a network, and checks of forms. Nothing for a call.

export { type FormCheck, type FormTrial, formChecks } from './form-checks.ts';
export { PairedSocket, type SocketPairOptions, socketPair } from './socket-pair.ts';
export { TwilioCaller, type TwilioCallerOptions } from './twilio-caller.ts';
