import { describe, expect, it } from "vitest";
import { describeApi, describedPath, metadataUrl } from "../../examples/health-records/src/protected-resource.ts";

const SETTINGS = { ORIGIN: "https://records.example", USHER: "https://as.example" };

describe("the metadata of the sample's APIs (RFC 9728)", () => {
  it.each(["/reports", "/patients/ana-1/reports"])("of %s name the API, whom to ask and what for", (path) => {
    expect(describeApi(SETTINGS, path)).toEqual({
      resource: `https://records.example${path}`,
      authorization_servers: ["https://as.example"],
      scopes_supported: ["view", "edit"],
      bearer_methods_supported: ["header"],
      resource_name: "Lakeside health records",
    });
  });

  it.each(["/reports", "/patients/ana-1/reports"])("of %s are found by its URL, as §3.1 makes theirs", (path) => {
    const url = metadataUrl(SETTINGS, path);
    expect(url).toBe(`https://records.example/.well-known/oauth-protected-resource${path}`);
    expect(describedPath(url)).toBe(path);
    expect(describedPath(`${url}?x`)).toBe(path);
  });

  it.each(["", "/", "/reports/blood-count", "/patients/reports", "/patients/a/b/reports", "/elsewhere", "reports"])(
    "there are none of %j",
    (path) => {
      const url = `https://records.example/.well-known/oauth-protected-resource${path}`;
      expect(describedPath(url)).toBeNull();
    },
  );
});
