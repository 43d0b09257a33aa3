import type { VersionExpectation } from "../../ledger/change.ts";
import { ProtocolError } from "../../shared/error.ts";

/** What somebody means to change, and in which version. */
export interface Edited {
  readonly id: string;
  readonly expected: VersionExpectation;
}

/** @throws ProtocolError precondition_failed when another version is meant than the present one. */
export function checkVersion(expected: VersionExpectation, version: number): void {
  if (typeof expected !== "number" || expected === version) return;
  throw new ProtocolError("precondition_failed", `it has changed since: the current version is ${version}`);
}

/** The refusal of an edit that was made from a version which is no longer there. */
export function changedMeanwhile(expected: VersionExpectation): ProtocolError {
  const description = "somebody else changed this at the same moment: read it and decide again";
  return new ProtocolError(typeof expected === "number" ? "precondition_failed" : "conflict", description);
}
