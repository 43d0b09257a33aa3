import { ActivityLog } from "./activity.ts";
import { Agreements } from "./agreements.ts";
import { Announcing } from "./announcing.ts";
import { Book } from "./book.ts";
import { Changing } from "./changing.ts";
import { Closing } from "./closing.ts";
import { ConnectionTokens } from "./connection-tokens.ts";
import { Connections } from "./connections.ts";
import { Deciding } from "./deciding.ts";
import { DecisionBlock } from "./decision-block.ts";
import { ExcerptCache } from "./excerpt-cache.ts";
import { Families } from "./families.ts";
import { Foresight } from "./foresight.ts";
import { GrantList } from "./grant-list.ts";
import { Grants } from "./grants.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Interactions } from "./interactions.ts";
import { Judge } from "./judge.ts";
import { Lane } from "./lane.ts";
import { OnRecord } from "./on-record.ts";
import { Outbox } from "./outbox.ts";
import { OwnSeal } from "./own-seal.ts";
import { Parties } from "./parties.ts";
import { PendingRequests } from "./pending-requests.ts";
import type { LedgerPorts } from "./ports.ts";
import { Processes } from "./processes.ts";
import { RecordReader } from "./record-reader.ts";
import { Redemption } from "./redemption.ts";
import { Refreshing } from "./refresh.ts";
import { RefusalBudget } from "./refusal-budget.ts";
import { RequestList } from "./request-list.ts";
import { SpentTickets } from "./spent-tickets.ts";
import { Surrendered } from "./surrendered.ts";
import { Uses } from "./uses.ts";
import { Visit } from "./visit.ts";
import { Week } from "./week.ts";

/** What a ledger keeps. */
interface Tables {
  readonly activity: ActivityLog;
  readonly agreements: Agreements;
  readonly book: Book;
  readonly connections: Connections;
  readonly families: Families;
  readonly grants: Grants;
  readonly interactions: Interactions;
  readonly parties: Parties;
  readonly pendingRequests: PendingRequests;
  readonly outbox: Outbox;
  readonly processes: Processes;
  readonly spent: SpentTickets;
  readonly surrendered: Surrendered;
  readonly uses: Uses;
}

/** The parts of one ledger that the object calls. */
export interface LedgerParts extends Tables {
  readonly announcing: Announcing;
  readonly changing: Changing;
  readonly closing: Closing;
  readonly connectionTokens: ConnectionTokens;
  readonly deciding: Deciding;
  readonly foresight: Foresight;
  readonly grantList: GrantList;
  readonly housekeeping: Housekeeping;
  readonly judge: Judge;
  readonly lane: Lane;
  readonly redemption: Redemption;
  readonly refreshing: Refreshing;
  readonly requestList: RequestList;
  readonly visit: Visit;
}

/** Joins the parts of a ledger. INVARIANT: touches no storage, because a ledger that nobody opened must stay empty. */
export function buildParts(ports: LedgerPorts): LedgerParts {
  const { storage, record, settings } = ports;
  const ownSeal = new OwnSeal(ports);
  const tables = buildTables(ports, ownSeal);
  const { book, grants } = tables;
  const cache = new ExcerptCache();
  const announcing = new Announcing({ ...tables, wakeBy: (at) => housekeeping.wakeBy(at) }, ports);
  const week = new Week(storage, tables.activity);
  const judge = new Judge(book, grants, ports.sealer, (before, after) => announcing.shrank(before, after));
  const housekeeping: Housekeeping = new Housekeeping({ ...tables, storage, judge, announcing, week }, ports);
  const changing = new Changing({ ...tables, storage, cache, housekeeping, announcing });
  const connectionTokens = new ConnectionTokens({ ...tables, changing, housekeeping }, settings);
  const foresight = new Foresight(book, record, ports.sleep);
  const lane = new Lane(book, record, {
    block: (settle) => storage.transactionSync(settle),
    settled: (change, result) => changing.settle(change, result, ports.now()),
  });
  const deciding = new Deciding({ ...tables, announcing, changing, housekeeping, lane, ownSeal }, ports);
  const reader = new RecordReader(book, record, cache);
  const decision = new DecisionBlock({ ...tables, storage, announcing, budget: new RefusalBudget() }, settings);
  const onRecord = new OnRecord({ ...tables, reader, lane }, ports);
  const redemption = new Redemption({ ...tables, judge, reader, decision, housekeeping, onRecord, ownSeal }, ports);
  const visit = new Visit({ ...tables, decision, housekeeping, onRecord }, ports);
  const refreshing = new Refreshing({ ...tables, judge, lane, announcing }, ports);
  const grantList = new GrantList({ ...tables, judge }, ports);
  const closing = new Closing({ ...tables, announcing }, ports);
  const requestList = new RequestList({ ...tables, ownSeal }, ports);
  const lists = { grantList, requestList };
  const acting = {
    announcing,
    changing,
    closing,
    connectionTokens,
    deciding,
    foresight,
    housekeeping,
    judge,
    lane,
    ...lists,
  };
  return { ...tables, ...acting, redemption, refreshing, visit };
}

function buildTables({ storage, openPages }: LedgerPorts, ownSeal: OwnSeal): Tables {
  const grants = new Grants(storage);
  return {
    activity: new ActivityLog(storage, () => openPages.tell()),
    agreements: new Agreements(storage),
    book: new Book(storage),
    connections: new Connections(storage),
    families: new Families(storage),
    grants,
    interactions: new Interactions(storage),
    parties: new Parties(storage, ownSeal),
    pendingRequests: new PendingRequests(storage),
    outbox: new Outbox(storage),
    processes: new Processes(storage),
    spent: new SpentTickets(storage),
    surrendered: new Surrendered(storage, grants),
    uses: new Uses(storage),
  };
}

/**
 * Makes the tables that a ledger has from the first. Spent tickets and the activity log make theirs when they are
 * needed, one a bucket and one a month; so do tables that came later. Safe to repeat; schemas grow before they shrink (ledger/README.md, rule 10).
 */
export function createTables({ book, connections, families, grants, processes, uses }: LedgerParts): void {
  for (const table of [book, connections, families, grants, processes, uses]) table.create();
}
