import { loopbackOnly, type RawCall } from '@sluice/transport/testing';

/** What the raw peers use of a connection of the engine. */
export type RawConnection = RawCall['a'] & {
  readonly iceGatheringState: string;
  readonly localDescription: { readonly sdp: string };
  onicegatheringstatechange: () => void;
};

/** The local description with every candidate, those of this machine only. */
export async function describe(connection: RawConnection): Promise<string> {
  await new Promise<void>((resolve) => {
    const look = () => connection.iceGatheringState === 'complete' && resolve();
    connection.onicegatheringstatechange = look;
    look();
  });
  const lines = connection.localDescription.sdp.split('\r\n');
  const kept = lines.filter((line) => !line.startsWith('a=candidate') || loopbackOnly(line.slice(2)) !== undefined);
  return kept.join('\r\n');
}
