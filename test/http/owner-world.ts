import { call, type Reply, world } from "./api.ts";

/** An owner with a resource server that hosts for them and a tool that speaks for them. */
export interface OwnerWorld {
  readonly ownerId: string;
  readonly pat: string;
  /** An access token with the scope uma_policy. */
  readonly tool: string;
  /** Asks the owner's API. */
  ask(method: string, path: string, json?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  registerResource(description?: Readonly<Record<string, unknown>>): Promise<string>;
  disconnectTool(): Promise<void>;
}

const ALBUM = { name: "Holiday", type: "album", resource_scopes: ["view", "print"] };

export async function createOwnerWorld(): Promise<OwnerWorld> {
  const ownerId = await world.owner("Alice");
  const [server, tool] = await Promise.all([
    world.client({ grant_types: ["client_credentials"] }),
    world.client({ grant_types: ["client_credentials"] }),
  ]);
  await world.connect(ownerId, server, ["uma_protection"]);
  await world.connect(ownerId, tool, ["uma_policy"]);
  const [pat, token] = await Promise.all([world.connectedToken(server), world.connectedToken(tool)]);
  return {
    ownerId,
    pat,
    tool: token,
    ask: (method, path, json, headers = {}) =>
      call(method, `/owner${path}`, { bearer: token, headers, ...(json === undefined ? {} : { json }) }),
    registerResource: (description = ALBUM) => world.registerResource(pat, description),
    disconnectTool: async () => {
      await world.admin("DELETE", `/owners/${ownerId}/connections/${tool.id}`);
    },
  };
}
