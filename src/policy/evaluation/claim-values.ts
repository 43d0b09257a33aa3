import type { ClaimScalar, ClaimValue, PartyStatement } from "../../protocol/claims.ts";
import { canonicalEmail } from "../../shared/email.ts";

/**
 * The values that an issuer gave for one claim, sorted for comparing: a claim can hold a thousand values and be
 * tested by a thousand policies, so each test must cost no more than what the policy names (ledger/README.md, rule 11).
 */
export class ClaimValues {
  /** Each of these values; addresses stand here as they were written. */
  readonly all: ReadonlySet<ClaimScalar>;
  readonly #types: ReadonlySet<string>;
  #addresses: Addresses | null = null;
  #range: Range | null = null;

  constructor(values: readonly ClaimScalar[]) {
    this.all = new Set(values);
    this.#types = new Set(values.map((value) => typeof value));
  }

  has(type: "string" | "number" | "boolean"): boolean {
    return this.#types.has(type);
  }

  /** Whether each value is of one of these types. */
  areAll(types: ReadonlySet<string>): boolean {
    return [...this.#types].every((type) => types.has(type));
  }

  /** The values that are e-mail addresses. */
  get addresses(): Addresses {
    this.#addresses ??= addressesOf([...this.all].filter((value) => typeof value === "string"));
    return this.#addresses;
  }

  /** The values that are numbers. */
  get range(): Range {
    this.#range ??= rangeOf([...this.all].filter((value) => typeof value === "number"));
    return this.#range;
  }
}

interface Addresses {
  readonly canonical: ReadonlySet<string>;
  readonly domains: ReadonlySet<string>;
  /** Whether each text was an address. */
  readonly areReadable: boolean;
}

interface Range {
  readonly least: number;
  readonly greatest: number;
}

function addressesOf(texts: readonly string[]): Addresses {
  const read = texts.map(canonicalEmail);
  const canonical = read.filter((address) => address !== null);
  const domains = canonical.map((address) => address.slice(address.lastIndexOf("@") + 1));
  return {
    canonical: new Set(canonical),
    domains: new Set(domains),
    areReadable: canonical.length === read.length,
  };
}

function rangeOf(numbers: readonly number[]): Range {
  return {
    least: numbers.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY),
    greatest: numbers.reduce((greatest, one) => Math.max(greatest, one), Number.NEGATIVE_INFINITY),
  };
}

/** Sorted once for each statement; they go with it. */
const sorted = new WeakMap<PartyStatement, Map<string, ClaimValues>>();

/** The values that a statement gives for a claim. An empty string or list says nothing, so it counts as missing. */
export function claimValues(statement: PartyStatement, claim: string): ClaimValues {
  const claims = sorted.get(statement) ?? new Map<string, ClaimValues>();
  sorted.set(statement, claims);
  const values = claims.get(claim) ?? new ClaimValues(listValues(statement, claim));
  claims.set(claim, values);
  return values;
}

function listValues({ subject, claims }: PartyStatement, claim: string): readonly ClaimScalar[] {
  if (claim === "sub") return [subject];
  const value: ClaimValue = Object.hasOwn(claims, claim) ? (claims[claim] ?? "") : "";
  const values: readonly ClaimScalar[] = typeof value === "object" ? value : [value];
  return values.filter((single) => single !== "");
}
