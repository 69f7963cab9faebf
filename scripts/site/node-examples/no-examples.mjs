// Nodes without an example, and why. Whoever is without and is not named here fails the test of the site.
const paid = (service) =>
  `${service} is a service that wants a key and is paid by the second, so nothing of it runs as this page is made. ` +
  'What to give it, and how it is tested without a key: [Services](../voice.md#services).';

/** The reason, by the name of the node. */
export const noExamples = {
  deepgramListen: paid('Deepgram'),
  deepgramFlux: paid('Deepgram'),
  deepgramSpeak: paid('Deepgram'),
  elevenLabsSpeech: paid('ElevenLabs'),
  elevenLabsRecognizer: paid('ElevenLabs'),
};
