import { MAX_IDENTIFIER_CHARACTERS, MAX_WORD_CHARACTERS } from "../../shared/limits.ts";
import { line } from "../../shared/parse.ts";

/** A claim or its value, a scope, a resource type or id, a group. */
export const word = line(MAX_WORD_CHARACTERS);

/** An issuer or a client id. */
export const identifier = line(MAX_IDENTIFIER_CHARACTERS);
