/** What the speaker bot's camera shows. Its numbers are read from what arrives. */
export const testPicture = { width: 640, height: 360, frameRate: 30 } as const;
