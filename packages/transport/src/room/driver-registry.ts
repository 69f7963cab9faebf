// Drivers by the scheme of an address. Nothing that a driver does.

import { type Cancel, invalidArgument, SluiceError } from '@sluice/core';
import type { RoomDriver } from './driver.ts';
import { embeddedRoomDriver } from './embedded/embedded-driver.ts';
import { janusRoomDriver } from './janus/janus-driver.ts';
import { shownMeetingUrl } from './shown-url.ts';

const drivers = new Map<string, RoomDriver>(
  [embeddedRoomDriver, janusRoomDriver].flatMap((driver) => driver.schemes.map((scheme) => [scheme, driver] as const)),
);

/**
 * Makes a driver known to every `CallClient` of this process. Returns a function that takes it back.
 *
 * @throws `SLUICE_ROOM_DRIVER` if another driver has one of its schemes.
 */
export function registerRoomDriver(driver: RoomDriver): Cancel {
  for (const scheme of driver.schemes) {
    if (!/^[a-z][a-z0-9+.-]*:$/.test(scheme))
      throw invalidArgument('schemes', 'a URL scheme with its colon, as in http:', scheme);
    const other = drivers.get(scheme);
    if (other !== undefined && other !== driver)
      throw new SluiceError('SLUICE_ROOM_DRIVER', `the driver ${other.name} serves ${scheme} already`, {
        received: driver.name,
      });
  }
  for (const scheme of driver.schemes) drivers.set(scheme, driver);
  return () => {
    for (const scheme of driver.schemes) if (drivers.get(scheme) === driver) drivers.delete(scheme);
  };
}

/** The drivers that calls of this process know: those of this package, and what was registered. */
export function roomDrivers(): readonly RoomDriver[] {
  return [...new Set(drivers.values())];
}

/**
 * The driver of a meeting URL.
 *
 * @throws `SLUICE_ROOM_URL` if the text is no URL or no driver serves its scheme.
 */
export function roomDriverFor(meetingUrl: string): { readonly driver: RoomDriver; readonly url: URL } {
  const url = URL.canParse(meetingUrl) ? new URL(meetingUrl) : undefined;
  const driver = url === undefined ? undefined : drivers.get(url.protocol);
  if (url === undefined || driver === undefined)
    throw new SluiceError('SLUICE_ROOM_URL', 'the meeting URL is served by no room driver', {
      expected: `a URL with one of the schemes ${[...drivers.keys()].join(' ')}`,
      received: shownMeetingUrl(meetingUrl),
      fix: 'Give the whole URL that the room server tells, as in http://127.0.0.1:7880/hello',
    });
  return { driver, url };
}
