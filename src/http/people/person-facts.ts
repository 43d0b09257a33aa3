import { readName } from "../../operations/account/create-account.ts";
import type { FramePerson } from "../../pages/frame.ts";
import type { PageContext, SignedInPerson } from "../context.ts";
import { framePersonOf } from "./overview.ts";

/** Who is signed in, as a page shows it without asking storage for more. */
export async function personFacts(
  c: PageContext,
  { account, addresses }: Pick<SignedInPerson, "account" | "addresses">,
): Promise<FramePerson> {
  return framePersonOf({ name: await readName(c.var.services, account), addresses });
}
