import { expect, it } from "vitest";
import { sourceOf } from "../../src/http/source.ts";

const source = (headers: Readonly<Record<string, string>>) =>
  sourceOf(new Request("https://usher.example", { headers }));
const of = (address: string) => source({ "CF-Connecting-IP": address });

it.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"],
  ["2001:DB8:1:2::1", "2001:db8:1:2::"],
  ["2001:db8:1:3::1", "2001:db8:1:3::"],
  ["", ""],
  ["nowhere", ""],
])("the source of %j is %j", (address, expected) => {
  expect(of(address)).toBe(expected);
});

it("is empty where no edge says where a request comes from, whatever the request says", () => {
  expect(source({ "X-Forwarded-For": "192.0.2.1", "X-Real-IP": "192.0.2.1", Forwarded: "for=192.0.2.1" })).toBe("");
});

it("tells Workers of other zones apart, which share one address, and believes the name of a zone from no other", () => {
  const worker = (zone: string, address: string) => source({ "CF-Connecting-IP": address, "CF-Worker": zone });
  expect(worker("a.example", "2a06:98c0:3600::103")).toBe("worker:a.example");
  expect(worker("b.example", "2a06:98c0:3600::103")).toBe("worker:b.example");
  expect(worker("a.example", "192.0.2.1")).toBe("192.0.2.1");
});
