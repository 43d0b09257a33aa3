import { expect, it } from "vitest";
import { createPairwiseSubjects } from "../../src/crypto/pairwise.ts";
import { START } from "../support/pure/signer.ts";
import { TestRing } from "../support/workerd/test-ring.ts";

const subjectsOf = (ring: TestRing) => createPairwiseSubjects(ring.cache(), () => START);

it("names a party the same to one resource server and differently to another", async () => {
  const ring = new TestRing();
  const [here, there] = [subjectsOf(ring), subjectsOf(ring)];
  const subject = await here.subject("photos", "bob");
  expect(subject).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(await there.subject("photos", "bob")).toBe(subject);
  expect(await here.subject("letters", "bob")).not.toBe(subject);
  expect(await here.subject("photos", "carol")).not.toBe(subject);
});

it("stays the same when keys are rotated", async () => {
  const ring = new TestRing();
  const before = await subjectsOf(ring).subject("photos", "bob");
  await ring.rotate();
  expect(await subjectsOf(ring).subject("photos", "bob")).toBe(before);
});

it("cannot be worked out without this server's secret", async () => {
  const [one, other] = [subjectsOf(new TestRing()), subjectsOf(new TestRing())];
  expect(await one.subject("photos", "bob")).not.toBe(await other.subject("photos", "bob"));
});

it("names a person the same to one owner, differently to another, and never as to a resource server", async () => {
  const here = subjectsOf(new TestRing());
  const person = await here.person("ana", "bob");
  expect(person).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(await here.person("ana", "bob")).toBe(person);
  expect(await here.person("carl", "bob")).not.toBe(person);
  expect(await here.subject("ana", "bob")).not.toBe(person);
});

it("names an account the same to one client, differently to another, and to nobody else", async () => {
  const here = subjectsOf(new TestRing());
  const account = await here.account("photo-app", "bob");
  expect(account).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(await here.account("photo-app", "bob")).toBe(account);
  expect(await here.account("letter-app", "bob")).not.toBe(account);
  expect([await here.subject("photo-app", "bob"), await here.person("photo-app", "bob")]).not.toContain(account);
});
