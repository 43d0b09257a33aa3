import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { ToldNotice } from "../../src/events/notice.ts";
import { type Change, type Cut, OPERATOR } from "../../src/ledger/change.ts";
import type {
  ArriveRequest,
  CompleteReply,
  CompleteRequest,
  HeardParty,
  RedeemReply,
  RedeemRequest,
  RefreshRequest,
  VisitRequest,
} from "../../src/ledger/contract.ts";
import { OwnerLedgerObject } from "../../src/ledger/object.ts";
import type {
  IssuerWord,
  IssuerWords,
  LeasedIssuer,
  LedgerPorts,
  LedgerSettings,
  OpenPages,
  OwnerSeals,
} from "../../src/ledger/ports.ts";
import type { OwnerErasure, SystemOfRecord } from "../../src/ledger/record.ts";
import type { Sealer } from "../../src/operations/ports/seal.ts";
import type { Whereabouts } from "../../src/policy/evaluation/where.ts";
import type { GroupMemberBody, PolicyBody } from "../../src/policy/language/policy.ts";
import type { PartyClaims, PartyStatement } from "../../src/protocol/claims.ts";
import type { ConnectedCaller } from "../../src/protocol/connection.ts";
import { IssuerDirectory } from "../../src/protocol/issuer-directory.ts";
import type { RequestedPermission } from "../../src/protocol/permission.ts";
import type { ProtectedResource } from "../../src/protocol/resource.ts";
import type { PermissionTicket } from "../../src/protocol/ticket.ts";
import { DEFAULT_ISSUER_DETAILS, type TrustedIssuer } from "../../src/protocol/trusted-issuer.ts";
import { PROTECTION_SCOPE } from "../../src/protocol/wire/connection.ts";
import { FaultyRecord } from "./faulty-record.ts";

/** Monday 1 January 2029, 00:00 UTC. */
export const START = 1_861_920_000;
export const OWNER = "alice";
export const RS = "rs1";
const OP = "https://op.example";
/** This server, as it speaks for accounts. */
export const OURSELVES: IssuerWord = {
  issuer: "https://as.example",
  claims: ["email"],
  emailDomains: "all",
  maxTokenAge: null,
  ...DEFAULT_ISSUER_DETAILS,
};

/** A resource server's client, and whoever it serves. */
export const PRINTER = {
  id: "printer",
  authenticated: true,
  registeredScopes: ["view", "print"],
  mayRefresh: true,
  mayPushClaims: true,
};
export const VIEWER = {
  id: "viewer",
  authenticated: true,
  registeredScopes: ["view"],
  mayRefresh: false,
  mayPushClaims: true,
};

export const PHOTO: ProtectedResource = {
  id: "photo",
  resourceServerId: RS,
  type: "picture",
  collections: [],
  scopes: ["view", "print"],
};
export const ALBUM: ProtectedResource = {
  id: "album",
  resourceServerId: RS,
  type: null,
  collections: [],
  scopes: ["view"],
};

const SETTINGS: LedgerSettings = {
  issuer: OURSELVES.issuer,
  rptLifetime: 300,
  partialGrants: true,
  replayWithdraws: true,
  connectionIdleDays: 0,
};

/** Seals as the real one does, as far as the ledger can see. */
export const plainSealer: Sealer = {
  seal: async (purpose, statement) => JSON.stringify([purpose, statement]),
  open: async (purpose, sealed) => {
    const [sealedFor, statement] = JSON.parse(sealed) as [string, unknown];
    return sealedFor === purpose ? statement : null;
  },
};

/** Nobody has a page open. */
export const NO_PAGES: OpenPages = { listen: () => new Response(null, { status: 503 }), tell: () => undefined };

/** Likewise; the number of the key stands in what it sealed. */
export function plainOwnerSeals(): OwnerSeals {
  let made = 0;
  return {
    newKey: async () => {
      made += 1;
      return `key-${made}`;
    },
    unlock: async (wrappedKey) => ({
      seal: async (purpose, statement) => JSON.stringify([wrappedKey, purpose, statement]),
      open: async (purpose, sealed) => {
        const [key, sealedFor, statement] = JSON.parse(sealed) as [string, string, unknown];
        return key === wrappedKey && sealedFor === purpose ? statement : null;
      },
    }),
  };
}

/** An issuer that may speak for everything. */
export function trustedIssuer(issuer: string): TrustedIssuer {
  return {
    id: issuer,
    issuer,
    jwks: null,
    jwksUri: null,
    audiences: [],
    claims: "all",
    emailDomains: "all",
    maxTokenAge: null,
    ...DEFAULT_ISSUER_DETAILS,
  };
}

/** Where somebody is of whom nobody knows where. */
const NOWHERE: Whereabouts = { country: null, address: null };

/** An issuer as it is known until then, epoch seconds. */
export function leased(issuer: IssuerWord | null, until: number): LeasedIssuer | null {
  return issuer && { issuer, until };
}

/** A real ledger over the storage of a real Durable Object, with a clock and a system of record that obey the test. */
export class LedgerStage {
  readonly storage: DurableObjectStorage;
  readonly record = new FaultyRecord();
  now = START;
  readonly #state: DurableObjectState;
  ledger: OwnerLedgerObject;
  settings: LedgerSettings = SETTINGS;
  sealer: Sealer = plainSealer;
  ownerSeals: OwnerSeals = plainOwnerSeals();
  /** What the operator says of an issuer; null: its word does not count (any more). */
  trusted: (issuer: string) => TrustedIssuer | null = trustedIssuer;
  /** Whose word people could bring by coming in a browser: this server's own, for a start. */
  met: readonly IssuerWord[] = [OURSELVES];
  /** Whom the operator would be asked about. */
  issuers: readonly string[] = [OP];
  /** Made of what the stage has, before the ledger gets it. */
  systemOfRecord: SystemOfRecord = this.record;
  erasure: OwnerErasure = { detach: async () => undefined, eraseSlice: async () => false };
  /** What others were told; nobody can be reached while `isReachable` is false. */
  readonly told: ToldNotice[] = [];
  isReachable = true;
  hearsOfGrants = true;
  readonly #sleepers: (() => void)[] = [];
  #drawn = 0;

  constructor(state: DurableObjectState) {
    this.#state = state;
    this.storage = state.storage;
    this.record.content = { ...this.record.content, resources: { photo: PHOTO, album: ALBUM } };
    this.ledger = this.restart();
  }

  /** A new ledger over the same storage, as after an eviction. */
  restart(ports: Partial<LedgerPorts> = {}): OwnerLedgerObject {
    this.ledger = new OwnerLedgerObject(this.#state, env, {
      storage: this.storage,
      record: this.systemOfRecord,
      erasure: this.erasure,
      sealer: this.sealer,
      ownerSeals: this.ownerSeals,
      openPages: NO_PAGES,
      trustedIssuers: this.words,
      inPerson: {
        findLeased: async (issuer) => leased(this.met.find((one) => one.issuer === issuer) ?? null, this.now + 5),
        directory: async () => new IssuerDirectory(this.met),
      },
      notices: {
        tell: async (_ownerId, notices) => {
          if (!this.isReachable) throw new Error("nobody can be told");
          this.told.push(...notices);
          return notices.map(({ id }) => id);
        },
        hearsOfGrants: async () => this.hearsOfGrants,
      },
      settings: this.settings,
      drawId: () => this.draw("notice"),
      now: () => this.now,
      sleep: () => new Promise((resolve) => this.#sleepers.push(resolve)),
      nextTurn: async () => undefined,
      ...ports,
    });
    return this.ledger;
  }

  /** Whose ID Tokens count. */
  get words(): IssuerWords {
    return {
      findLeased: async (issuer) => leased(this.trusted(issuer), this.now + 5),
      directory: async () => new IssuerDirectory(this.issuers.flatMap((issuer) => this.trusted(issuer) ?? [])),
    };
  }

  /** Opens the ledger and connects its resource server. */
  async open(): Promise<void> {
    await this.ledger.open(OWNER);
    await this.change({ kind: "put_connection", clientId: RS, scopes: [PROTECTION_SCOPE] });
  }

  /** Ends every sleep that has begun. */
  wake(): void {
    for (const resolve of this.#sleepers.splice(0)) resolve();
  }

  /** Lets time pass until this has come to an end. */
  async passing(work: Promise<unknown>): Promise<void> {
    let over = false;
    void work.finally(() => {
      over = true;
    });
    for (; !over; await scheduler.wait(0)) {
      this.now += 1;
      this.wake();
    }
  }

  draw(kind: string): string {
    this.#drawn += 1;
    return `${kind}-${this.#drawn}`;
  }

  change(change: Change, operationId = this.draw("operation")) {
    return this.ledger.change(operationId, change, OPERATOR);
  }

  /** Until a change stands in the book that the record has yet to take. */
  async booked(): Promise<void> {
    while ((await this.ledger.counts()).pendingChanges === 0) await Promise.resolve();
  }

  cut(cut: Cut) {
    return this.ledger.cut(this.draw("operation"), cut, OPERATOR);
  }

  /** Puts a new policy. @returns its id */
  async share(document: Partial<PolicyBody> = {}): Promise<string> {
    const id = this.draw("policy");
    await this.change({ kind: "put_policy", id, document: permit(document), expected: "absent" });
    return id;
  }

  async group(members: readonly GroupMemberBody[]): Promise<string> {
    const id = this.draw("group");
    await this.change({ kind: "put_group", id, document: { name: id, members }, expected: "absent" });
    return id;
  }

  ticket(changes: Partial<PermissionTicket> = {}): PermissionTicket {
    return {
      id: this.draw("ticket"),
      processId: this.draw("process"),
      step: 0,
      ledger: OWNER,
      resourceServerId: RS,
      connectionGeneration: this.caller.generation,
      tokenId: this.caller.tokenId,
      rptFormat: "jwt",
      clientId: null,
      permissions: [asking(PHOTO.id, "view")],
      expiresAt: this.now + 300,
      ...changes,
    };
  }

  /** The ticket that the Worker hands out when a round asks for more. */
  next(ticket: PermissionTicket, clientId = PRINTER.id): PermissionTicket {
    const own = { id: this.draw("ticket"), clientId, tokenId: null, expiresAt: this.now + 300 };
    return { ...ticket, ...own, step: ticket.step + 1 };
  }

  request(ticket: PermissionTicket, changes: Partial<RedeemRequest> = {}): RedeemRequest {
    return {
      attemptId: this.draw("attempt"),
      ticket,
      client: PRINTER,
      requestedScopes: [],
      pushed: null,
      claimTokenFault: null,
      anonymousReference: "anonymous",
      whereabouts: NOWHERE,
      source: "",
      refusal: null,
      ...changes,
    };
  }

  redeem(ticket = this.ticket(), changes: Partial<RedeemRequest> = {}): Promise<RedeemReply> {
    return this.ledger.redeem(this.request(ticket, changes));
  }

  /** Comes with a ticket in a browser. */
  arrive(ticket: PermissionTicket, changes: Partial<ArriveRequest> = {}) {
    return this.ledger.arrive({ attemptId: "visit", ticket, clientId: PRINTER.id, source: "", ...changes });
  }

  /** What somebody who is signed in does on a visit. */
  visit(ticket: PermissionTicket, party: HeardParty, changes: Partial<VisitRequest> = {}) {
    const client = { ...PRINTER, authenticated: false, mayRedirect: true };
    return { ticket, party, client, anonymousReference: "anonymous", whereabouts: NOWHERE, ...changes };
  }

  look(ticket: PermissionTicket, party: HeardParty, changes: Partial<VisitRequest> = {}) {
    return this.ledger.look(this.visit(ticket, party, changes));
  }

  complete(ticket: PermissionTicket, party: HeardParty, changes: Partial<CompleteRequest> = {}) {
    const next = { id: this.draw("ticket"), expiresAt: this.now + 300 };
    const nothing = { agreements: [], sealedPct: null, next, forgottenAt: this.now + 3_600 };
    return this.ledger.complete({ ...this.visit(ticket, party), party, ...nothing, ...changes });
  }

  /** The ticket that a visit gave. */
  continued(ticket: PermissionTicket, reply: CompleteReply): PermissionTicket {
    if (reply.outcome !== "completed") throw new Error(`expected a next ticket, got ${JSON.stringify(reply)}`);
    return { ...this.next(ticket), ...reply.next };
  }

  /** @returns the id of a grant that was given. */
  async grant(changes: Partial<RedeemRequest> = {}, ticket = this.ticket()): Promise<string> {
    const reply = await this.redeem(ticket, changes);
    if (reply.outcome !== "granted") throw new Error(`expected a grant, got ${JSON.stringify(reply)}`);
    return reply.rpt.grantId;
  }

  /** The caller that the resource server's newest token makes it. */
  get caller(): ConnectedCaller {
    const generation = this.record.content.connections[RS] ?? 0;
    return { ownerId: OWNER, clientId: RS, generation, tokenId: "pat", scopes: [PROTECTION_SCOPE] };
  }

  introspect(grantId: string, tokenExpiresAt = this.now + 300, caller = this.caller) {
    return this.ledger.introspect({ caller, grantId, tokenExpiresAt });
  }

  /** What an introspection says is permitted, as `resource:scope`; empty when it says inactive. */
  async held(grantId: string): Promise<readonly string[]> {
    const reply = await this.introspect(grantId);
    if (reply.outcome !== "active") return [];
    return reply.permissions.flatMap(({ resource_id, resource_scopes }) =>
      resource_scopes.map((scope) => `${resource_id}:${scope}`),
    );
  }

  refresh(grantId: string, generation = 0, changes: Partial<RefreshRequest> = {}) {
    const clientId = PRINTER.id;
    const attemptId = this.draw("attempt");
    const wanted = { rotate: false, scopes: null, whereabouts: NOWHERE };
    return this.ledger.refresh({ attemptId, clientId, grantId, generation, ...wanted, ...changes });
  }

  /** The ledger's own tables. */
  tables(): readonly string[] {
    const names = this.storage.sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
    return [...names].map(({ name }) => name).filter((name) => !name.startsWith("_cf_") && !name.startsWith("sqlite_"));
  }

  rows(table: string): readonly Record<string, SqlStorageValue>[] {
    return this.storage.sql.exec(`SELECT * FROM ${table}`).toArray();
  }
}

/** A policy document: anybody may view and print everything, but for what is said. */
export function permit(document: Partial<PolicyBody> = {}): PolicyBody {
  return { effect: "permit", target: { all: true }, scopes: "all", who: { anyone: true }, ...document };
}

export function asking(resourceId: string, ...scopes: readonly string[]): RequestedPermission {
  return { resourceId, scopes };
}

/** Everybody whom a play trusts, as a directory. */
export const EVERYBODY = new IssuerDirectory([trustedIssuer(OP)]);

/** Where nobody can be met in a browser. */
export const NOBODY_MET: IssuerWords = { findLeased: async () => null, directory: async () => new IssuerDirectory([]) };

/** An account here, with what it has linked, as the Worker reads it. */
export function account(
  name: string,
  linked: readonly PartyStatement[] = [],
  claims: PartyClaims["claims"] = { email: `${name}@home.example` },
): HeardParty {
  const statement = { issuer: OURSELVES.issuer, subject: name, claims, authenticatedAt: START, issuedAt: START };
  const trustedUntil = Number.POSITIVE_INFINITY;
  return { claims: { ...statement, linked }, partyReference: `pairwise-account-${name}`, trustedUntil };
}

/** Somebody's claims as a client pushes them. */
export function pushed(name: string, claims: PartyClaims["claims"] = { email: `${name}@example.com` }) {
  const party: PartyClaims = {
    issuer: OP,
    subject: name,
    claims,
    authenticatedAt: START,
    issuedAt: START,
  };
  return { claims: party, partyReference: `pairwise-${name}`, trustedUntil: Number.POSITIVE_INFINITY };
}

/** Plays on a stage of its own, with an open ledger. */
export function onStage(play: (stage: LedgerStage) => Promise<void>): () => Promise<void> {
  return onClosedStage(async (stage) => {
    await stage.open();
    await play(stage);
  });
}

/** Plays on a stage whose ledger nobody has opened. */
export function onClosedStage(play: (stage: LedgerStage) => Promise<void>): () => Promise<void> {
  return () => {
    const stub = env.OWNER_LEDGER.get(env.OWNER_LEDGER.newUniqueId());
    return runInDurableObject(stub, (_instance, state) => play(new LedgerStage(state)));
  };
}
