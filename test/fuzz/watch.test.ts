import { beforeEach, describe, expect, it } from "vitest";
import { describedApi } from "../support/workerd/described-answers.ts";
import { Secrets } from "./secrets.ts";
import type { Shot } from "./shot.ts";
import { Stock } from "./stock.ts";
import { Watch } from "./watch.ts";
import type { Reply } from "./wire.ts";

/** The fuzzer would find nothing if it saw nothing. */
const SECRET = `t1.${"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_".repeat(2)}`;
const SHOT: Shot = { call: null, method: "GET", path: "/healthz", query: [], headers: [], body: null };
const OK: Reply = {
  status: 200,
  mediaType: "application/json",
  headers: [],
  text: '{"status":"ok"}',
  milliseconds: 1,
};

let watch: Watch;
let told: string[];

beforeEach(() => {
  const secrets = new Secrets();
  secrets.add(SECRET);
  told = [];
  watch = new Watch(describedApi(), new Stock(), secrets, (what) => told.push(what));
});

const faultsOf = (reply: Partial<Reply>, shot: Partial<Shot> = {}) => {
  watch.look({ ...SHOT, ...shot }, { ...OK, ...reply }, true);
  return [...watch.faults.keys()];
};

describe("what is watched", () => {
  it("is in order where it is answered as it is described", () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each<[string, Partial<Reply>]>([
    ["the server failed", { status: 503, text: '{"error":"temporarily_unavailable"}' }],
    ["an answer is no JSON", { text: "{" }],
    ["a refusal has no error", { status: 400, text: '{"reason":"none"}' }],
    ["an answer is not as described", { text: '{"status":"ok","more":1}' }],
    ["an answer is not as described", { status: 204, mediaType: "", text: "" }],
    ["an answer tells a secret", { headers: [["location", `https://app.example/?x=${SECRET}`]] }],
  ])("%s", (what, reply) => {
    const [first = ""] = faultsOf(reply);
    expect(first).toContain(what);
  });

  it("is nothing where somebody is told what they sent themselves", () => {
    expect(faultsOf({ headers: [["location", SECRET]] }, { query: [["x", SECRET]] })).toEqual([]);
  });

  it.each([
    ["a secret", SECRET],
    ["the end of one", SECRET.slice(-24)],
    ["the middle of one", SECRET.slice(40, 64)],
    ["what nobody expected", '{"event":"unexpected_error"}'],
  ])("is the log, for %s", (_, line) => {
    watch.lookAtLog(`{"path":"/x/${line}"}`);
    expect(watch.faults.size).toBe(1);
  });

  it("is what strangers change, and how far the rest got", () => {
    watch.changed([]);
    watch.reached(90, 100);
    expect(watch.faults.size).toBe(0);
    watch.changed(["d1.sqlite clients (3)"]);
    watch.reached(50, 100);
    expect(watch.faults.size).toBe(2);
  });

  it("is no secret any more that its holder made a name", () => {
    watch.expect({ ...SHOT, body: { kind: "json", type: "application/json", value: { [SECRET]: 1 } } });
    expect(faultsOf({ headers: [["location", SECRET]] })).toEqual([]);
  });

  it("is told when it is seen first, and counted from then on", () => {
    for (let times = 0; times < 3; times += 1) watch.reached(50, 100);
    expect(told).toEqual(["too few calls were got through to"]);
    expect([...watch.faults]).toEqual([["too few calls were got through to", 3]]);
  });
});
