import { describe, expect, it } from "vitest";
import { findNetworkFault, isInNetwork } from "../../../src/policy/language/network.ts";

describe("networks", () => {
  it.each<[boolean | null, string, string]>([
    [true, "192.0.2.255", "192.0.2.0/24"],
    [false, "192.0.3.0", "192.0.2.0/24"],
    [true, "::ffff:192.0.2.1", "192.0.2.0/24"],
    [true, "203.0.113.9", "0.0.0.0/0"],
    [false, "2001:db8::1", "0.0.0.0/0"],
    [false, "192.0.2.1", "::/0"],
    [true, "2001:db8:1::5", "2001:db8::/32"],
    [false, "2001:db9::5", "2001:db8::/32"],
    [true, "2001:db8::1", "2001:db8::1/128"],
    [null, "", "192.0.2.0/24"],
    [null, "192.0.2.1, 10.0.0.1", "192.0.2.0/24"],
    [null, "192.0.2.1", "192.0.2.0"],
    [null, "192.0.2.1", "192.0.2.0/33"],
  ])("%s: %s in %s", (expected, address, network) => {
    expect(isInNetwork(address, network)).toBe(expected);
  });

  it.each(["192.0.2.0/24", "10.0.0.0/8", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0", "2001:DB8::1/128"])(
    "accepts %s",
    (network) => {
      expect(findNetworkFault(network)).toBeNull();
    },
  );

  it.each([
    "192.0.2.0",
    "192.0.2.0/33",
    "192.0.2.0/08",
    "192.0.2.0/-1",
    "10.1/8",
    "010.0.0.0/8",
    "0x0a.0.0.0/8",
    "10.1.2.3/8",
    "::ffff:192.0.2.0/120",
    "fe80::1%eth0/128",
    "2001:db8::1/32",
    "example.com/8",
    "",
    "/",
  ])("refuses %s", (network) => {
    expect(findNetworkFault(network)).not.toBeNull();
  });

  it("says what the block would be", () => {
    expect(findNetworkFault("10.1.2.3/8")).toBe("has bits set beyond its prefix; the block is 10.0.0.0/8");
  });
});
