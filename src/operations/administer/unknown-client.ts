import { ProtocolError } from "../../shared/error.ts";

/** The refusal of an id that no client has. */
export function unknownClient(): ProtocolError {
  return new ProtocolError("not_found", "there is no client of this id");
}
