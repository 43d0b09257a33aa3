import type { Frame } from "../frame.ts";
import { Said } from "./said.tsx";

/** What is known of a browser somebody uses; null: it did not say. */
export interface Device {
  readonly browser: string | null;
  readonly system: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

/** "Firefox on Windows, Germany" */
export function DeviceName({ frame, device }: { readonly frame: Frame; readonly device: Device }) {
  const place = countryOf(frame, device.country);
  return (
    <>
      <Said text={browserOf(frame, device)} />
      {place !== null && (
        <>
          {", "}
          <bdi>{place}</bdi>
        </>
      )}
    </>
  );
}

function browserOf({ words }: Frame, { browser, system }: Device): string {
  if (browser === null) return system ?? words.places.unknownDevice;
  return system === null ? browser : words.places.device(browser, system);
}

function countryOf({ words }: Frame, country: string | null): string | null {
  if (country === null || !/^[A-Z]{2}$/.test(country)) return null;
  return new Intl.DisplayNames(words.language.locale, { type: "region" }).of(country) ?? country;
}
