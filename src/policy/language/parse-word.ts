import * as v from "valibot";
import { MAX_IDENTIFIER_CHARACTERS, MAX_WORD_CHARACTERS } from "../../shared/limits.ts";
import { line } from "../../shared/parse.ts";
import { isUriAsWritten } from "../../shared/uri.ts";

/** A claim or its value, a scope, a resource type or id, a group. */
export const word = line(MAX_WORD_CHARACTERS);

/** A client id. */
export const identifier = line(MAX_IDENTIFIER_CHARACTERS);

/** An issuer's identifier. One that no issuer can have would match nobody, and a deny would not deny. */
export const issuer = v.pipe(
  identifier,
  v.check(isUriAsWritten, "must be an issuer identifier such as https://idp.example, exactly as its tokens name it"),
);
