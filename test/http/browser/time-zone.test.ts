import { expect, it } from "vitest";
import { timeZoneOf } from "../../../src/http/browser/time-zone.ts";

it.each([
  [{ timezone: "Europe/Berlin" }, "Europe/Berlin"],
  [{ timezone: "Nowhere/At-All" }, "UTC"],
  [{ timezone: 7 }, "UTC"],
  [{}, "UTC"],
])("a browser that the edge sees in %j is in %s", (cf, zone) => {
  expect(timeZoneOf(new Request("https://as.example/", { cf }))).toBe(zone);
});
