// For tests of fleets and of links: a NATS server of their own. Nothing for a fleet that runs.

export {
  freePort,
  type LocalNats,
  type NatsMember,
  type NatsTls,
  type NatsUser,
  type StartNatsOptions,
  startNats,
  type TenantLogin,
} from './start-nats.ts';
