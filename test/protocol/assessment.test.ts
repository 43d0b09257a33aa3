import { describe, expect, it } from "vitest";
import { requestedSets } from "../../src/protocol/assessment.ts";

const resource = (id: string, ...scopes: readonly string[]) => ({
  id,
  resourceServerId: "rs1",
  type: null,
  collections: [],
  scopes,
});
const ALBUM = resource("album", "view", "edit", "download");
const RES1 = resource("res1", "view", "resize", "print", "download");
const RES3 = resource("res3", "view");
const TICKET = [
  { resourceId: "album", scopes: ["edit"] },
  { resourceId: "res1", scopes: ["view"] },
  { resourceId: "res3", scopes: ["view"] },
];

/** Scopes per resource, or the scopes that were refused. */
function ask(
  registered: readonly string[],
  requested: readonly string[],
  ticket = TICKET,
  resources = [ALBUM, RES1, RES3],
) {
  const sets = requestedSets(ticket, resources, registered, requested);
  if (sets.outcome === "invalid_scope") return sets.scopes;
  return Object.fromEntries(sets.sets.map(({ resource: { id }, scopes }) => [id, scopes]));
}

describe("the requested scopes of an assessment", () => {
  it("are those of the ticket, united with what is asked for, registered and available", () => {
    expect(ask(["download"], ["download"])).toEqual({
      album: ["edit", "download"],
      res1: ["view", "download"],
      res3: ["view"],
    });
  });

  it.each([
    ["nothing is asked for", ["download"], [], { album: ["edit"], res1: ["view"], res3: ["view"] }],
    ["the client is not registered for one", [], ["download"], ["download"]],
    ["one fits no resource", ["download", "fly"], ["download", "fly"], ["fly"]],
    ["one is in the ticket already", ["edit"], ["edit"], { album: ["edit"], res1: ["view"], res3: ["view"] }],
  ])("when %s", (_, registered, requested, expected) => {
    expect(ask(registered, requested)).toEqual(expected);
  });

  it("leave out a resource that is gone", () => {
    expect(ask([], [], TICKET, [RES3])).toEqual({ res3: ["view"] });
  });

  it("keep a scope that the resource lost, so that it is refused and not forgotten", () => {
    expect(ask([], [], [{ resourceId: "res3", scopes: ["view", "edit"] }], [RES3])).toEqual({ res3: ["view", "edit"] });
  });

  it("can be empty, for a permission without scopes", () => {
    expect(ask([], [], [{ resourceId: "res1", scopes: [] }], [RES1])).toEqual({ res1: [] });
  });
});
