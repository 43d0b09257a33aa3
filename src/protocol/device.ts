/** What somebody uses, by the names its makers gave it; null: it did not say. */
export interface Device {
  readonly browser: string | null;
  readonly system: string | null;
}

/** Most say that they are others as well, so the first that fits is the one. */
const BROWSERS: readonly (readonly [name: string, mark: RegExp])[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\//],
  ["Opera", /\bOPR\/|\bOpera\b/],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//],
  ["Safari", /\bVersion\/[\d.]+ .*Safari\//],
];

const SYSTEMS: readonly (readonly [name: string, mark: RegExp])[] = [
  ["Windows", /\bWindows\b/],
  ["iPad", /\biPad\b/],
  ["iPhone", /\biPhone\b/],
  ["Android", /\bAndroid\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["macOS", /\bMac ?OS\b|\bMacintosh\b/],
  ["Linux", /\bLinux\b|\bX11\b/],
];

/** @param userAgent as it was sent (RFC 9110 §10.1.5): anybody's word, good enough to tell one's own devices apart. */
export function readDevice(userAgent: string): Device {
  const first = (names: typeof BROWSERS) => names.find(([, mark]) => mark.test(userAgent))?.[0] ?? null;
  return { browser: first(BROWSERS), system: first(SYSTEMS) };
}
