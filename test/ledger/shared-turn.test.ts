import { expect, it } from "vitest";
import { SharedTurn } from "../../src/ledger/shared-turn.ts";

/** A shared turn, and what happened in which turn of the object. */
function stage() {
  let waits = 0;
  const begin: (() => void)[] = [];
  const turn = new SharedTurn(() => {
    waits += 1;
    return new Promise((resolve) => begin.push(resolve));
  });
  const done: string[] = [];
  const call = (name: string) => turn.join().then(() => void done.push(name));
  const nextTurn = async () => {
    for (const resolve of begin.splice(0)) resolve();
    await settle();
  };
  return { call, done, nextTurn, waits: () => waits };
}

/** Everything that waits for nothing else goes on. */
const settle = () => scheduler.wait(0);

it("calls that come at the same time go on together, in order, and those that come later in the next turn", async () => {
  const { call, done, nextTurn, waits } = stage();
  for (const name of ["a", "b", "c"]) void call(name);
  await settle();
  expect([done, waits()]).toEqual([[], 1]);
  await nextTurn();
  expect(done).toEqual(["a", "b", "c"]);
  void call("d");
  await settle();
  expect([done.length, waits()]).toEqual([3, 2]);
  await nextTurn();
  expect(done).toEqual(["a", "b", "c", "d"]);
});

it("who comes alone several times in a row waits only now and then", async () => {
  const { call, done, nextTurn, waits } = stage();
  const alone = async () => {
    void call("one");
    await nextTurn();
  };
  for (let count = 0; count < 4 + 64; count += 1) await alone();
  expect([done.length, waits()]).toEqual([68, 4]);
  void call("one");
  await settle();
  expect([done.length, waits()]).toEqual([68, 5]);
});

it("a wait that was shared makes those before it count no more", async () => {
  const { call, nextTurn, waits } = stage();
  for (const calls of [1, 1, 1, 2, 1, 1, 1, 2, 1]) {
    for (let count = 0; count < calls; count += 1) void call("one");
    await nextTurn();
  }
  expect(waits()).toBe(9);
});
