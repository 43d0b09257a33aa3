import type { Answer, Call } from "../support/http-site.ts";
import { localWorld } from "../support/local-world.ts";

/** The operator's and the owner's API as their tests use them: answers with the members that tests go on with. */

export const world = localWorld();

export interface Reply extends Answer {
  readonly body: Body;
}

export interface Body {
  readonly [member: string]: unknown;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly generation?: number;
  readonly group_id?: string;
  readonly id?: string;
  readonly items?: readonly Body[];
  readonly next?: string | number;
  readonly owner_id?: string;
  readonly policy_id?: string;
  readonly scopes?: readonly Body[];
}

export async function call(method: string, path: string, parts: Call = {}): Promise<Reply> {
  return (await world.send(method, path, parts)) as Reply;
}

/** The same as the operator. */
export async function administer(method: string, path: string, json?: unknown): Promise<Reply> {
  return (await world.admin(method, path, json)) as Reply;
}
