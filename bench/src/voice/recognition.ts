import type { Recognizer } from '@sluice/core/voice';
import { isAvailable, pocketsphinx } from '@sluice/plugin-pocketsphinx';
import { sentences, soundswallower } from '@sluice/plugin-soundswallower';
import { fvad } from '@sluice/plugin-vad-fvad';
import { wordErrors, wordsOf } from '@sluice/scenario';
import { sentences as agentSentences } from '../../../examples/voice-agent/answers.ts';
import type { Bench, BenchOptions, Report } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';
import { Ears } from './ears.ts';
import { finalsLate } from './finals-late.ts';
import { rawSoundswallower } from './raw-soundswallower.ts';
import { spokenSentences, strangeSentences } from './sentence-lists.ts';
import { speak, voices } from './voices.ts';
import { padded, type Spoken, throughAllWays } from './ways.ts';

const raw = 'raw soundswallower';

interface Candidate {
  readonly name: string;
  readonly recognizer: Recognizer;
  /** The library without anything around it. */
  readonly peer?: (samples: Int16Array) => string;
}

type Texts = readonly string[];

/** What recognisers make of two voices on several ways, how late, and what they take for what nobody said. */
export const recognition: Bench = {
  name: 'recognition',
  async run(report, options) {
    const texts = spokenSentences.slice(0, options.quick ? 4 : undefined);
    const spoken = await speakAll(texts);
    const ways = await throughAllWays(spoken, options.note);
    const candidates = await available(texts, options);
    // Each has a thread of its own.
    const errors = await Promise.all(candidates.map((candidate) => errorsOf(candidate, texts, ways)));
    for (const [index, { name, peer }] of candidates.entries())
      for (const [what, own, other] of errors[index]!)
        report(`${name}, ${what}`, own, '% words', peer && { name: raw, value: other }, 'lower');
    // One after the other: they would be each other's lateness.
    for (const candidate of candidates) await reportLateness(report, candidate, spoken);
    await reportFalseAccepts(report, options);
  },
};

async function available(texts: Texts, { note }: BenchOptions): Promise<Candidate[]> {
  const grammar = sentences(texts);
  const found: Candidate[] = [
    { name: 'soundswallower', recognizer: soundswallower({ grammar }), peer: await rawSoundswallower(grammar) },
  ];
  if (await isAvailable()) found.push({ name: 'pocketsphinx', recognizer: pocketsphinx() });
  else note('pocketsphinx is not here: install libpocketsphinx3 and pocketsphinx-en-us');
  return found;
}

async function speakAll(texts: Texts): Promise<Spoken> {
  const [slt, f2] = await Promise.all(voices.map((voice) => speak(texts, voice)));
  return { slt: slt!, f2: f2! };
}

/** Percent of words, by way and voice: of the recogniser, and of its library alone. */
async function errorsOf({ recognizer, peer }: Candidate, texts: Texts, ways: ReadonlyMap<string, Spoken>) {
  const found: [what: string, own: number, other: number][] = [];
  for (const [way, spoken] of ways)
    for (const voice of voices) {
      // A conversation of its own: recognisers get used to a voice and a line.
      await using ears = await Ears.open(recognizer);
      const heard: string[] = [];
      for (const samples of spoken[voice]) heard.push(await ears.hear(samples));
      const other = peer === undefined ? [] : spoken[voice].map(peer);
      found.push([`${voice}, ${way}`, errorRate(texts, heard), errorRate(texts, other)]);
    }
  return found;
}

function errorRate(texts: Texts, heard: Texts): number {
  let [errors, words] = [0, 0];
  for (const [index, text] of texts.entries()) {
    errors += wordErrors(text, heard[index] ?? '');
    words += wordsOf(text).length;
  }
  return (100 * errors) / words;
}

/** Both voices in turn, so that each sentence is spoken once. */
async function reportLateness(report: Report, { name, recognizer }: Candidate, { slt, f2 }: Spoken): Promise<void> {
  await using ears = await Ears.open(recognizer);
  const inTurn = slt.map((samples, index) => (index % 2 === 0 ? samples : f2[index]!));
  // What runs for the first time is compiled meanwhile.
  await ears.hear(padded(inTurn[0]!));
  const late = await finalsLate(ears, inTurn, fvad().latencyMs.silence);
  report(`${name}: final after the voice p50`, percentileInTenths(late, 0.5), 'ms', undefined, 'lower');
  report(`${name}: final after the voice p95`, percentileInTenths(late, 0.95), 'ms', undefined, 'lower');
}

/** Only a grammar can accept wrongly: free speech is taken for what it is. */
async function reportFalseAccepts(report: Report, { quick }: BenchOptions): Promise<void> {
  const grammar = sentences(agentSentences);
  const peer = await rawSoundswallower(grammar);
  await using ears = await Ears.open(soundswallower({ grammar }));
  // Every fifth, since the list begins with the near ones.
  const some = (texts: Texts) => texts.filter((_, index) => !quick || index % 5 === 0);
  const [own, strange] = [some(agentSentences), some(strangeSentences)];
  const [ownSpoken, strangeSpoken] = [await speakAll(own), await speakAll(strange)];
  for (const voice of voices) {
    const understood = await share(ownSpoken[voice], own, ears, peer, (heard, text) => heard === text);
    const accepted = await share(strangeSpoken[voice], strange, ears, peer, (heard) => heard !== '');
    report(`agent, ${voice}: its sentences understood`, understood.own, '%', { name: raw, value: understood.raw });
    report(`agent, ${voice}: others accepted`, accepted.own, '%', { name: raw, value: accepted.raw }, 'lower');
  }
}

async function share(
  spoken: readonly Int16Array[],
  texts: Texts,
  ears: Ears,
  peer: (samples: Int16Array) => string,
  counts: (heard: string, text: string) => boolean,
) {
  let [own, other] = [0, 0];
  for (const [index, samples] of spoken.map(padded).entries()) {
    if (counts(await ears.hear(samples), texts[index]!)) own++;
    if (counts(peer(samples), texts[index]!)) other++;
  }
  return { own: (100 * own) / texts.length, raw: (100 * other) / texts.length };
}
