import { describe, expect, it } from "vitest";
import { isTimeZone } from "../../../src/policy/language/local-time.ts";
import { findNetworkFault } from "../../../src/policy/language/network.ts";
import { parsePolicy } from "../../../src/policy/language/parse-policy.ts";
import { minimal } from "../documents.ts";

describe("a span of time", () => {
  it.each([{ not_before: "2027-01-01T00:00:00Z" }, { expires: "2027-01-01T00:00:00Z" }])("may be open: %j", (when) => {
    expect(parsePolicy({ ...minimal, when })).toEqual({ ...minimal, when });
  });
});

describe("a time zone", () => {
  it.each([
    ["Europe/Berlin", true],
    ["UTC", true],
    ["+01:00", false],
    ["Europe/Atlantis", false],
    ["", false],
  ])("%s is one: %s", (name, is) => {
    expect(isTimeZone(name)).toBe(is);
  });
});

describe("a CIDR block", () => {
  it.each([
    "x:y/8",
    "1.2.3.4:5/8",
    "::1::/8",
    "fe80::%1/64",
    "fe80::%eth0/64",
    "2001:db8::/032",
    "2001:db8::/129",
    "::/",
  ])("is not %s", (network) => {
    expect(findNetworkFault(network)).toBe("is not a CIDR block such as 192.0.2.0/24 or 2001:db8::/32");
  });

  it.each(["0.0.0.0/0", "192.0.2.1/32", "::/0", "2001:db8::/128"])("is %s", (network) => {
    expect(findNetworkFault(network)).toBeNull();
  });
});

describe("a document", () => {
  const refusal = (message: string) => expect.objectContaining({ code: "invalid_request", message });

  it("is told where its fault is, also in a list", () => {
    const windows = { hours: [{ from: "08:00", to: "18:00", time_zone: "UTC" }, { from: "8" }] };
    expect(() => parsePolicy({ ...minimal, when: windows })).toThrow(
      refusal("when.hours[1].from: must be a time of day such as 08:30"),
    );
  });
});
