import type { Actor } from "../../protocol/actor.ts";
import { ProtocolError } from "../../shared/error.ts";
import type { Warning } from "../../shared/warning.ts";
import type { ConnectionStore } from "../ports/connection.ts";
import { connectionEnded } from "../under-connection.ts";

/** What was written, and what its author should look at again. */
export interface Reviewed<Written> {
  readonly written: Written;
  readonly warnings: readonly Warning[];
}

interface Writing<Written> {
  /** Whether its author takes whatever there is to say of it. */
  readonly accepts: boolean;
  readonly review: () => Promise<readonly Warning[]>;
  readonly write: () => Promise<Written>;
}

/**
 * Writes a document of the owner's, but not one that surely does not do what was meant, unless its author says that it is
 * meant so.
 * @throws ProtocolError has_warnings, or as `write` does.
 */
export async function writeUnlessWarned<Written>(
  services: { readonly connections: Pick<ConnectionStore, "mayAct"> },
  actor: Actor,
  { accepts, review, write }: Writing<Written>,
): Promise<Reviewed<Written>> {
  if (accepts) {
    const [written, warnings] = await Promise.all([write(), review()]);
    return { written, warnings };
  }
  const warnings = await review();
  if (warnings.length === 0) return { written: await write(), warnings };
  // Nothing was written, which would have looked: and what a review finds is told to nobody who may not act for the owner any more.
  if (!(await services.connections.mayAct(actor))) throw connectionEnded();
  const description = "nothing was saved: look at the warnings, and send ?accept=warnings with it if it is meant so";
  throw new ProtocolError("has_warnings", description, { warnings });
}
