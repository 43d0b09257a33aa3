import type { IssuerDirectory } from "../protocol/issuer-directory.ts";
import type { IssuerWords } from "./ports.ts";

/** Whom to ask for claims, by how their word can be had. */
export interface Directories {
  readonly pushed: IssuerDirectory;
  /** By coming here in a browser, or by an ID Token of this server. */
  readonly inPerson: IssuerDirectory;
}

export async function readDirectories(trustedIssuers: IssuerWords, inPerson: IssuerWords): Promise<Directories> {
  const [pushed, met] = await Promise.all([trustedIssuers.directory(), inPerson.directory()]);
  return { pushed, inPerson: met };
}
