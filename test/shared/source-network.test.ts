import { expect, it } from "vitest";
import { sourceNetworkOf } from "../../src/shared/source-network.ts";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2::1", "2001:db8:1:2::"],
  ["2001:db8:1:2:ffff:1:1:1", "2001:db8:1:2::"],
  ["2001:db8:1:3::1", "2001:db8:1:3::"],
  [null, "unknown"],
  ["nonsense", "unknown"],
])("requests from %s are counted under %s", (address, network) => {
  expect(sourceNetworkOf(address)).toBe(network);
});
