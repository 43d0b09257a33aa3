import { expect, it } from "vitest";
import type { Permission } from "../support/server/world.ts";
import { localWorld } from "../support/workerd/local-world.ts";

const world = localWorld();
const LONG_SCOPES = Array.from({ length: 8 }, (_, index) => `https://scopes.example/${index}/${"long".repeat(40)}`);

/** The permissions of a ticket that fit into it, and that do not fit into a JWT of RPT_SIZE_LIMIT bytes. */
it("an RPT that would be too large for a header is handed out as a handle, with the same permissions", async () => {
  const cast = await world.cast();
  const pat = await world.connectedToken(cast.rs1);
  const tool = await world.connectedToken(cast.tool);
  const c9 = await world.client({ client_name: "C9", scope: LONG_SCOPES.join(" ") });
  const photos = await Promise.all(
    [1, 2, 3].map(() => world.registerResource(pat, { resource_scopes: ["view", ...LONG_SCOPES], type: "photo" })),
  );
  const all = { effect: "permit", target: { type: "photo" }, scopes: "all", who: { anyone: true } };
  await world.policy(tool, all);
  const permissions: Permission[] = photos.map((id) => ({ resource_id: id, resource_scopes: ["view"] }));

  const small = await world.uma(c9, await world.ticket(pat, permissions));
  const large = await world.uma(c9, await world.ticket(pat, permissions), { scope: LONG_SCOPES.join(" ") });

  expect(String(small.body.access_token).split(".")).toHaveLength(3);
  expect(String(large.body.access_token).split(".")).toHaveLength(2);
  expect(String(large.body.access_token).length).toBeLessThan(1_024);
  expect(await world.introspect(pat, String(large.body.access_token))).toMatchObject({
    active: true,
    permissions: photos.map((id) => ({ resource_id: id, resource_scopes: ["view", ...LONG_SCOPES] })),
  });
});
