import type { Warning } from "../shared/warning.ts";

/** An answer with what should be looked at again; without the member where there is nothing to say. */
export function withWarnings(body: object, warnings: readonly Warning[]): object {
  return warnings.length === 0 ? body : { ...body, warnings };
}
