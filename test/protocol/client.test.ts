import { describe, expect, it } from "vitest";
import { checkGrantAllowed, isPublic } from "../../src/protocol/client.ts";
import { clientNamed } from "../support/pure/client-named.ts";

describe("a client", () => {
  it("without a secret or a key is public", () => {
    expect(isPublic(clientNamed("c1", { authenticationMethod: "none" }))).toBe(true);
    expect(isPublic(clientNamed("c1"))).toBe(false);
  });

  it("may use the grants that it is registered for, and no others", () => {
    const client = clientNamed("c1", { grantTypes: ["client_credentials", "refresh_token"] });
    expect(() => checkGrantAllowed(client, "refresh_token")).not.toThrow();
    expect(() => checkGrantAllowed({ ...client, grantTypes: ["client_credentials"] }, "refresh_token")).toThrow(
      expect.objectContaining({
        code: "unauthorized_client",
        message: "this client is not registered for the grant type refresh_token",
      }),
    );
  });
});
