/** What a room server takes. One table for server, clients and page; docs/signalling.md has it for people. */
export const limits = {
  /** Longest message of a client in bytes. */
  messageBytes: 64 * 1024,
  /** Longest message of a server in bytes: a welcome to a full room whose participants announce all they may. */
  serverMessageBytes: 2 * 1024 * 1024,
  /** Messages of one participant: a second in the long run, and at once. Kept across a resume. */
  messagesPerSecond: 100,
  messageBurst: 400,
  /** The same in bytes. */
  bytesPerSecond: 256 * 1024,
  byteBurst: 2 * 1024 * 1024,
  /** App and chat messages of one participant a second; at once twice as many. */
  appMessagesPerSecond: 10,
  /** Longest app or chat message in bytes of its JSON. */
  appMessageBytes: 4 * 1024,
  /** Longest user data in bytes of its JSON. */
  userDataBytes: 4 * 1024,
  /** Longest change of permissions in bytes of its JSON. */
  permissionsBytes: 4 * 1024,
  /** Longest user name in bytes of UTF-8. */
  userNameBytes: 512,
  userIdBytes: 128,
  /** Longest meeting token in bytes. */
  tokenBytes: 8 * 1024,
  /** Sockets of one address, and of one on loopback. */
  socketsPerAddress: 32,
  socketsPerLoopbackAddress: 1_024,
  /** Messages of one address a second, and the same in bytes. */
  messagesPerAddressPerSecond: 1_000,
  bytesPerAddressPerSecond: 4 * 1024 * 1024,
  /** Those who are shown, in one room, and those who wait to be let in. */
  participants: 64,
  waiting: 32,
  /** Those of one room who are not shown: recorders, transcribers, observers. */
  hidden: 16,
  rooms: 1_000,
  /** Tracks that one participant may announce. */
  tracks: 16,
  /** Media sections and characters of a session description, which travels in one message. */
  mediaSections: 32,
  sdpLength: 48 * 1024,
  candidateLength: 512,
  /** Highest number of a bot's lease: more than any fleet counts up to, and exact in every language. */
  leaseRevision: 2 ** 48 - 1,
} as const;
