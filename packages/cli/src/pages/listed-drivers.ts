import { listPlugins } from '@sluice/core/plugins';
import { notInstalled } from '../errors.ts';
import { installOf } from './listed-nodes.ts';

/** A room driver: by it, calls enter rooms of one kind of server. */
export interface ListedDriver {
  readonly name: string;
  readonly package: string;
  /** URL schemes of its meetings, with the colon. */
  readonly schemes: readonly string[];
  /** What its rooms can do beside passing media on. */
  readonly capabilities: readonly string[];
  /** Registers it; absent for those that every call knows. */
  readonly register?: string;
  /** The command that installs its package; absent where it can be imported. */
  readonly install?: string;
}

const TRANSPORT = '@sluice/transport';

/** The drivers that transport knows by itself, and those that plugins around a folder say they have. Of those none is imported. */
export async function listedDrivers(folder: string): Promise<readonly ListedDriver[]> {
  const { roomDrivers } = await import('@sluice/transport').catch((error: unknown) => {
    throw notInstalled(`${TRANSPORT}, which has the drivers, is not installed`, `npm install ${TRANSPORT}`, error);
  });
  const install = installOf(TRANSPORT, folder);
  const known = roomDrivers().map(({ name, schemes, capabilities }) => ({
    name,
    package: TRANSPORT,
    schemes,
    capabilities,
    ...install,
  }));
  const others = (await listPlugins(folder)).flatMap(({ name: from, drivers }) =>
    drivers.map(({ name, export: exported, schemes, capabilities }) => {
      const register = `registerRoomDriver(${exported})`;
      return { name, package: from, schemes, capabilities, register };
    }),
  );
  return [...known, ...others];
}
