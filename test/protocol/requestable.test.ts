import { describe, expect, it } from "vitest";
import { findRequestFault } from "../../src/protocol/permission.ts";

const photo = { id: "photo", resourceServerId: "rs1", type: null, collections: [], scopes: ["view", "print"] };
const song = { id: "song", resourceServerId: "rs1", type: null, collections: [], scopes: ["play"] };

describe("several permissions at once", () => {
  it("are requestable when each scope is one of its own resource", () => {
    const requested = [
      { resourceId: "photo", scopes: ["view", "print"] },
      { resourceId: "song", scopes: ["play"] },
    ];
    expect(findRequestFault(requested, [photo, song])).toBeNull();
    expect(findRequestFault(requested, [song, photo])).toBeNull();
  });

  it.each([
    ["a scope of another resource", [["view", "play"], ["play"]]],
    ["a scope of another resource in the last one", [["view"], ["play", "view"]]],
    ["a scope that nobody registered beside a good one", [["view", "fly"], ["play"]]],
    ["a bad one after a good one", [["view"], ["fly"]]],
    ["a bad one before a good one", [["fly"], ["play"]]],
  ])("fail as a whole for %s", (_, [ofPhoto = [], ofSong = []]) => {
    const requested = [
      { resourceId: "photo", scopes: ofPhoto },
      { resourceId: "song", scopes: ofSong },
    ];
    expect(findRequestFault(requested, [photo, song])).toEqual(
      expect.objectContaining({ code: "invalid_scope", message: expect.stringContaining("a scope is not registered") }),
    );
  });

  it("fail for one unknown resource among known ones, and say so", () => {
    const requested = ["photo", "gone", "song"].map((resourceId) => ({ resourceId, scopes: [] }));
    expect(findRequestFault(requested, [photo, song])).toEqual(
      expect.objectContaining({
        code: "invalid_resource_id",
        message: expect.stringContaining("a resource_id is not registered"),
      }),
    );
  });
});
