import { type Measured, quantile } from './measure-conversation.ts';

/** How far the log may be from the samples, in milliseconds. */
const MOST_DEVIATION_MS = 20;

/** Everything that is not as it should be, one sentence each. */
export function verdict({ report, unanswered, falselyAccepted, deviationsMs }: Measured): readonly string[] {
  const faults = unanswered.map((text) => `nobody answered "${text}"`);
  for (const text of falselyAccepted) faults.push(`"${text}" was taken for something that is understood`);
  if (report.bargeIn.staleMs > 0) faults.push(`${report.bargeIn.staleMs} ms were heard of what had been interrupted`);
  const off = deviationsMs.filter((ms) => Math.abs(ms) > MOST_DEVIATION_MS);
  if (deviationsMs.length === 0) faults.push('no sentence of the log was found in the recording');
  if (off.length > 0)
    faults.push(
      `the log and the samples differ by more than ${MOST_DEVIATION_MS} ms in ${off.length} sentence(s): ${off.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    );
  return faults;
}

/** The report for people. */
export function reportLines(measured: Measured, faults: readonly string[]): readonly string[] {
  const { report, deviationsMs, delayMs } = measured;
  const { bargeIn, transcript } = report;
  const ms = (value: number | null) => (value === null ? '-' : `${value.toFixed(0)} ms`);
  const worst = Math.max(0, ...deviationsMs.map(Math.abs));
  return [
    '',
    'turn   decided  model  sentence  voice  device   sum   heard',
    ...report.turns.map((turn) => turnLine(turn)),
    '',
    `interruptions     ${bargeIn.count}, silent after ${ms(bargeIn.silenceMs.p50)} (p50), ${ms(bargeIn.silenceMs.p95)} (p95); stale ${bargeIn.staleMs} ms`,
    `voice to voice    ${ms(quantile(waitsOf(measured), 0.5))} (p50), ${ms(quantile(waitsOf(measured), 0.95))} (p95), at the agent's device; the way to the person ${ms(delayMs)}`,
    `gaps              ${report.gaps}`,
    `words             ${transcript.wordErrors} of ${transcript.expected.split(' ').length} wrong`,
    `log and samples   at most ${worst.toFixed(1)} ms apart in ${deviationsMs.length} sentences`,
    'files             out/agent.wav, out/agent.png, out/agent.jsonl, out/agent.json',
    ...(faults.length === 0 ? ['all as it should be'] : faults.map((fault) => `FAULT: ${fault}`)),
  ];
}

function waitsOf({ report }: Measured): number[] {
  return report.turns.flatMap(({ voicedEndMs, firstAudibleMs }) =>
    firstAudibleMs === null ? [] : [firstAudibleMs - voicedEndMs],
  );
}

function turnLine(turn: Measured['report']['turns'][number]): string {
  const { id, voicedEndMs, decidedMs, firstAudibleMs, heardText, interrupted } = turn;
  const firstToken = turn.firstTokenMs ?? decidedMs;
  const firstSentence = turn.firstSentenceMs ?? firstToken;
  const firstByte = turn.firstByteMs ?? firstSentence;
  const parts =
    firstAudibleMs === null
      ? ['-', '-', '-', '-', '-', '-']
      : [
          decidedMs - voicedEndMs,
          firstToken - decidedMs,
          firstSentence - firstToken,
          firstByte - firstSentence,
          firstAudibleMs - firstByte,
          firstAudibleMs - voicedEndMs,
        ].map((part) => part.toFixed(0));
  const widths = [8, 7, 10, 7, 8, 6];
  const text = heardText.length > 60 ? `...${heardText.slice(-57)}` : heardText;
  return `${`${id}`.padStart(4)} ${parts.map((part, i) => part.padStart(widths[i]!)).join('')}   ${text}${interrupted ? ' -' : ''}`;
}
