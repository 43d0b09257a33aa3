import { beforeAll, expect, it } from "vitest";
import { type Keys, keysOf, type PlannedStatement, plainly, walksOf } from "../support/pure/query-plan.ts";
import { findStatements } from "../support/pure/sql-literals.ts";
import { databaseSchema, planTriggers, recordStatements } from "../support/workerd/recorded-statements.ts";
import { liveWholeLife } from "../support/workerd/whole-life.ts";

/**
 * The steps that may go over several rows, in which statements, and why: a list, a slice, a number that is bounded. All
 * others look up single rows by a whole key.
 */
const WALKS: readonly (readonly [step: RegExp, statement: RegExp, reason: string])[] = [
  // Of D1.
  [/ policy_targets USING PRIMARY KEY \(owner_id=\? AND kind=\? AND value=\?\)/, /./, "200 for a target at most"],
  [/ policy_targets USING INDEX policy_targets_by_policy \(policy_id=\?\)/, /./, "what one policy is about"],
  [/ policy_groups USING PRIMARY KEY \(policy_id=\?\)/, /./, "the groups that one policy names"],
  [/ (policy|group)_people USING PRIMARY KEY \((policy|group)_id=\?\)/, /./, "whom one policy or group names"],
  [
    / (policy_people|group_people|policy_groups) USING COVERING INDEX \w+_by_(person|group)/,
    / AS owner_name, .* LIMIT \?4$/,
    "a page of what names one person",
  ],
  [/ policy_groups USING COVERING INDEX policy_groups_by_group/, / AS uses .* LIMIT \?3$/, "how many go by each group"],
  [
    / policy_(groups USING COVERING INDEX policy_groups_by_group|targets USING COVERING INDEX policy_targets_by_policy)/,
    /group_id = \?1 ORDER BY policy_id LIMIT 50\)/,
    "the first that go by one group, and what they are about",
  ],
  [/ resources USING INDEX resources_of_\w+_by_sort_name/, / AS app_uri .* LIMIT 6$/, "the first of what is shared"],
  [/ \w+ USING (COVERING )?INDEX \w+_by_(owner|age) \(.*>.*\)/, / ORDER BY .* LIMIT \?\d$/, "one page of a list"],
  [
    / resource_identifiers USING PRIMARY KEY \(identifier=\?\)/,
    /LIMIT 2\)/,
    "whether one owner alone has something of a name",
  ],
  [
    / resource_identifiers USING COVERING INDEX resource_identifiers_by_resource/,
    /^DELETE FROM resource_identifiers/,
    "the five names at most of one resource",
  ],
  [/ resources USING INDEX resources_by_(name|uri)/, /./, "what has one name, which is what was asked for"],
  [
    / resources USING COVERING INDEX resources_of_server_by_sort_name/,
    / GROUP BY substr\(id, 1, 1\)$/,
    "the whole list",
  ],
  [
    / resources USING COVERING INDEX resources_of_server_by_sort_name/,
    /^SELECT owner_id FROM connections/,
    "whether there is one",
  ],
  [
    / resources USING COVERING INDEX resources_(of_server_)?by_sort_name/,
    /^DELETE FROM resources .* LIMIT 5000\)$/,
    "a slice of them",
  ],
  [/ connections USING INDEX connections_by_client \(client_id=\?\)/, / LIMIT \?2$/, "some owners of a client"],
  [/ connections USING PRIMARY KEY \(owner_id=\?\)/, /^SELECT \* /, "all clients of an owner, for the operator"],
  [/ connections USING PRIMARY KEY \(owner_id=\?\)/, /^SELECT count/, "how many apps one person has connected"],
  [
    / resource_usage USING PRIMARY KEY \(owner_id=\?\)/,
    /^SELECT /,
    "all resource servers of an owner, for the operator",
  ],
  [
    / (passkeys|account_addresses|identities|recovery_codes) USING (COVERING )?INDEX \w+_by_account/,
    /./,
    "a few dozen of an account",
  ],
  [
    / (pcts|newest) USING (COVERING )?INDEX pcts_by_account \(account_id=\?( AND client_id=\?)?\)/,
    /./,
    "what one person lets this server remember",
  ],
  [
    / client_registrations USING INDEX client_registrations_by_end/,
    / ORDER BY ends_at LIMIT \?2$/,
    "a slice of what has ended",
  ],
  [
    / (connections USING COVERING INDEX connections_by_client|pcts USING COVERING INDEX pcts_by_client|known USING COVERING INDEX identity_consents_by_client)/,
    /^SELECT client_registrations\./,
    "whether there is one",
  ],
  [
    / initial_access_tokens USING (COVERING )?INDEX initial_access_tokens_by_end/,
    /^DELETE .* LIMIT 5000\)$/,
    "a slice of them",
  ],
  [
    / identity_consents USING (COVERING )?INDEX identity_consents_by_account \(account_id=\?\)/,
    /^SELECT \*, |^DELETE /,
    "the apps that one person signs in to",
  ],
  [
    / identity_consents USING COVERING INDEX identity_consents_by_client/,
    /^DELETE .* LIMIT 5000\)$/,
    "a slice of them",
  ],
  [/ console_visits USING (PRIMARY KEY|INDEX)/, /^DELETE /, "of one account, or of one owner: once for each other"],
  [/ pcts USING COVERING INDEX pcts_by_(client|end)/, /^DELETE .* LIMIT 5000\)$/, "a slice of them"],
  [/ sessions USING (COVERING )?INDEX sessions_by_account/, /^DELETE |LIMIT 100$/, "the sessions of one account"],
  [/ sessions USING COVERING INDEX sessions_by_end/, /^DELETE .* LIMIT 5000\)$/, "a slice of them"],
  [
    / administrators USING INDEX administrators_by_account/,
    / LIMIT (200|\?5)$|^SELECT count\(\*\) AS total /,
    "the owners that one account acts for",
  ],
  [/ connections USING PRIMARY KEY \(owner_id=\? AND client_id>\?\)/, / LIMIT \?3$/, "one page of what is connected"],
  [/ every USING PRIMARY KEY \(owner_id=\?\)/, /count/, "how many apps are connected to one owner"],
  [/ administrators USING PRIMARY KEY \(owner_id=\?\)/, / LIMIT (200|400)$/, "the administrators of one owner"],
  [/ notice_settings USING PRIMARY KEY \(account_id=\?\)/, /./, "four kinds of letters"],
  [
    / (administrators|standing|mine|wider|inviter) (EXISTS )?USING (PRIMARY KEY|(COVERING )?INDEX administrators_by_account) \((owner_id=\? AND account_id|account_id=\? AND owner_id)=\?/,
    /./,
    "two roles at most that an account has at an owner",
  ],
  [/ others? (EXISTS )?USING PRIMARY KEY \(owner_id=\?\)/, /./, "the administrators of one owner: 200"],
  [/ rights USING COVERING INDEX administrators_by_account/, /count/, "the owners that one account acts for: 200"],
  [/ invitations USING (COVERING )?INDEX invitations_by_inviter/, /^DELETE /, "what one account has sent"],
  [/ (waiting|invitations) USING INDEX invitations_by_owner \(owner_id=\?\)/, /count|^DELETE /, "of one owner: 100"],
  [/ \w+ USING COVERING INDEX (invitations|administrators)_by_end/, /^DELETE .* LIMIT 5000\)$/, "a slice of them"],
  [/ revoked_tokens USING COVERING INDEX revoked_tokens_by_end/, /^DELETE /, "those that have expired"],
  [/^(SCAN|SEARCH) (trusted_issuers|resources|targeted) ?/, / LIMIT (51|101)\b/, "the first of them, for a review"],
  [/^SCAN (owners|clients|trusted_issuers|\w+_usage)/, /^SELECT \(SELECT COUNT/, "how many, for the operator"],
  [
    /^SCAN trusted_issuers USING (COVERING )?INDEX trusted_issuers_by_age$/,
    /./,
    "1,000 at most, whom to ask for a claim",
  ],
  [
    /^SCAN identity_providers USING (COVERING )?INDEX identity_providers_by_age$/,
    /^INSERT /,
    "20 at most, when one more is added",
  ],
  [
    / d1_migrations|^SCAN sqlite_schema$/,
    /'d1_migrations'|FROM d1_migrations/,
    "one row a migration, for the operator",
  ],
  [
    /^SCAN (seen|placed)$| collection_members USING COVERING INDEX collection_members_by_sort_name/,
    / AS placed CROSS JOIN resources /,
    "a page of what an owner has; to find one, of 20,000 names",
  ],
  [/^SCAN types$/, /^WITH RECURSIVE types /, "types that an owner has: 50"],
  [/^SEARCH collection USING PRIMARY KEY \(id=\?\)$/, / resources AS collection /, "one resource, by another name"],
  [/ collection_members USING PRIMARY KEY \(member_id=\?\)$/, /./, "the collections that a resource is in: 5 at most"],
  [
    / collection_members USING COVERING INDEX collection_members_by_collection \(collection_id=\?( AND member_id>\?)?\)$/,
    / LIMIT (101\b|\?5$)| AS ids /,
    "what is in the collections that a policy names, a hundred at most; or in one: a page of it, or all where there are no pages",
  ],
  [/ connections EXISTS USING INDEX connections_by_client/, / EXISTS /, "whether there is one"],
  [/^SCAN webhook_endpoints /, /^SELECT 1 AS wanted /, "once a minute at most, until one is found"],
  [/ webhook_endpoints USING (COVERING )?INDEX webhook_endpoints_by_client/, /./, "20 of the operator, 5 of a client"],
  // Of an owner, or an account, who goes.
  [/ USING /, /^DELETE FROM (owners|accounts) WHERE id = \?1$/, "whether anything refers to it still"],
  [/ (administrators|mine) USING INDEX administrators_by_account \(account_id=\?\)$/, /./, "whom one account acts for"],
  [
    / (administrators|connections|resource_usage) USING PRIMARY KEY \(owner_id=\?\)$/,
    /^DELETE FROM \w+ WHERE owner_id = \?1( AND account_id IN .*)?$/,
    "who acts for one owner",
  ],
  [/ (policies|owner_groups) USING COVERING INDEX \w+_by_owner/, /^DELETE .* LIMIT 500\)$/, "a slice of them"],
  [/ USING COVERING INDEX \w+ \(owner_id=\?\)$/, /^SELECT EXISTS /, "whether there is one"],
  [/ deletions USING (COVERING )?INDEX deletions_\w+/, / LIMIT (5000\)|\?2)$/, "a slice of them"],
  // Of a ledger.
  [
    / (book|activity_N)( USING COVERING INDEX sqlite_autoindex_book_1)?$/,
    /max\((epoch|sequence|id)\)/,
    "an index's end",
  ],
  [/ book USING COVERING INDEX sqlite_autoindex_book_1 \(epoch<\?\)/, / DESC LIMIT 1$/, "the last before"],
  [/ book USING (COVERING )?INDEX book_pending/, /./, "what D1 has yet to take"],
  [/ book USING INDEX book_by_subject \(subject_id=\? AND sequence>\?\)/, /./, "what was booked since, for these"],
  [
    / activity_N USING .*activity_N_merged \(client_id=\? AND since>/,
    /count/,
    "what one client did, counted once: 2,000",
  ],
  [
    / activity_N USING COVERING INDEX activity_N_merged \(client_id=\? AND since=\? AND kind=\? AND party_reference=\? AND <expr>=\?\)/,
    /^UPDATE /,
    "the like of one entry",
  ],
  [
    / activity_N USING (COVERING )?INDEX activity_N_merged \(client_id>\? AND client_id<\?\)$/,
    /^SELECT (count\(\*\) AS n|client_id) FROM activity_N WHERE client_id >= 'http' /,
    "by clients that nobody registered, counted or found once, and then known",
  ],
  [/^SCAN activity_N$/, / LIMIT 10000\) /, "once a week at most, the latest of them"],
  [/ activity_N USING INTEGER PRIMARY KEY \(rowid<\?\)/, / LIMIT \?$/, "one page of the log"],
  [/ grants USING PRIMARY KEY \(id>\?\)/, / LIMIT 1000$/, "a window of the live grants, for the owner"],
  [/ grants USING COVERING INDEX grants_by_party/, / OFFSET 19\)$/, "20 grants of a party by a client at most"],
  [/ grants USING COVERING INDEX grants_of_nobody/, / OFFSET 19500\)$/, "once for 500 grants for nobody known"],
  [
    /^SCAN (connections|revoked_tokens)$/,
    /^SELECT (client_id, generation|token_id) /,
    "read once, then kept in memory",
  ],
  [/ families USING (COVERING )?INDEX families_by_client \(client_id=\?\)/, /^DELETE /, "100 of one client at most"],
  [
    /^(SCAN|SEARCH) families( USING (COVERING )?INDEX families_by_client)?$/,
    /used_at/,
    "the alarm, where the operator limits how long they lie idle",
  ],
  [/^SCAN revoked_tokens$/, /^SELECT count/, "1,000 for a client at most, when one more is revoked"],
  [
    / (grants|processes|interactions|surrendered) USING (COVERING )?INDEX \w+_by_end/,
    /min\((expires|forgotten)_at\)|(expires|forgotten)_at <= \?/,
    "what ends first",
  ],
  [
    / parties USING (COVERING )?INDEX parties_by_seen/,
    /LIMIT 500\)$|seen_at <= \?|min\(seen_at\)/,
    "who was not seen for longest",
  ],
  [/ parties USING COVERING INDEX parties_by_person \(person_id=\?\)/, / DESC LIMIT 1\)$/, "the last of one person"],
  [/^SCAN parties USING COVERING INDEX/, /^SELECT count/, "100,000 at most, counted once in 500 of those"],
  [
    / pending_requests USING INDEX pending_requests_by_party \(party_reference=\? AND client_id=\?\)/,
    / AND likeness = \?$/,
    "20 that wait of one party, and what its owner decided of late",
  ],
  [
    / pending_requests USING INDEX pending_requests_by_status \(status=\?\)/,
    /count/,
    "1,000 that wait, when one is new",
  ],
  [/ pending_requests USING INDEX pending_requests_by_status/, / LIMIT \?/, "one page of a list, or a slice"],
  [/ pending_requests USING INTEGER PRIMARY KEY \(rowid<\?\)/, / LIMIT \?$/, "one page of a list"],
  [
    / pending_requests USING INDEX pending_requests_by_status/,
    /operationId/,
    "what an owner allowed in four weeks, where D1 refuses it",
  ],
  [/ pending_requests USING (COVERING )?INDEX pending_requests_by_end/, /min\(ends_at\)|^DELETE /, "what ends first"],
  [/^SEARCH agreements USING PRIMARY KEY \(policy_id=\?\)$/, /^DELETE /, "of a policy that is gone"],
  [
    /^SCAN line$| surrendered USING PRIMARY KEY \(grant_id=\?\)$/,
    /^WITH RECURSIVE line |^DELETE FROM surrendered WHERE grant_id = \?$/,
    "what one grant went into within a day, where it is ended by its id",
  ],
  [/^SCAN (grants|processes) USING COVERING INDEX/, /^SELECT count/, "how many, for the operator"],
  [/^SEARCH book/, /^(DELETE FROM book|SELECT min\(at\)|SELECT min\(coalesce)/, "the alarm: once a minute at most"],
  [/^(SCAN grants|SEARCH grants USING PRIMARY KEY)$/, /judged/, "the alarm: once a minute at most"],
  [/^(SCAN revoked_tokens|SEARCH revoked_tokens USING PRIMARY KEY)$/, /expires_at/, "the alarm: once a minute at most"],
  [
    / outbox USING (COVERING )?INDEX outbox_by_turn/,
    /min\(due_at\)|LIMIT \?$/,
    "what others have yet to be told, in slices",
  ],
  // Of every object that makes tables as time goes by, and of the smaller ones.
  [/^SCAN sqlite_master$/, /./, "the names of tables, once in an object's life"],
  [/ keys/, /./, "a ring holds a dozen keys"],
  [
    /^SCAN (failures|used|stories|letters|paces)$/,
    /^(SELECT count|DELETE)/,
    "the alarm, and an object that starts or is full",
  ],
  [
    / messages USING (COVERING )?INDEX messages_by_(turn|death)/,
    /./,
    "what waits for one endpoint, in slices but for a count",
  ],
  [/ letters USING PRIMARY KEY \(box=\?\)/, /./, "the letters to one box: seven an hour"],
  [/ stories USING PRIMARY KEY \(request_id=\?\)/, /./, "the stories of one request: 20 at most"],
];

const SOURCES = import.meta.glob("../../src/**/*.ts", { query: "?raw", import: "default", eager: true });
let statements: readonly PlannedStatement[];
let walks: readonly { readonly step: string; readonly statement: string }[];

beforeAll(async () => {
  const triggers = await planTriggers();
  const ran = await recordStatements(liveWholeLife);
  statements = [...ran, ...triggers];
  const keys: Record<PlannedStatement["store"], Keys> = {
    d1: keysOf(await databaseSchema()),
    object: keysOf(ran.map(({ sql }) => plainly(sql))),
  };
  walks = statements.flatMap((each) =>
    walksOf(each, keys[each.store]).map((step) => ({ step, statement: plainly(each.sql) })),
  );
  // A whole life takes a while on a busy machine.
}, 60_000);

const allows = ([step, statement]: (typeof WALKS)[number], walk: (typeof walks)[number]) =>
  step.test(walk.step) && statement.test(walk.statement);

it("statements are found in a source text, in whatever quotes and with whatever is put into them", () => {
  const source = `const A = \`\n  SELECT \${columns({ of: "a" })} FROM a\n WHERE b\`; exec("DELETE FROM c"); say("to SELECT");`;
  const [select, remove, ...others] = findStatements(source);
  expect(others).toEqual([]);
  expect(select?.pattern.test("SELECT x, y FROM a WHERE b")).toBe(true);
  expect(select?.pattern.test("SELECT x, y FROM b")).toBe(false);
  expect(remove?.literal).toBe("DELETE FROM c");
});

/** A new statement needs a line in test/support/workerd/whole-life.ts that brings it about. */
it("every statement of the source was run", () => {
  const missing = Object.entries(SOURCES).flatMap(([path, source]) =>
    findStatements(source)
      .filter(({ pattern }) => !statements.some(({ sql }) => pattern.test(sql)))
      .map(({ literal }) => `${path}: ${literal}`),
  );
  expect(missing).toEqual([]);
});

it("no statement goes over rows where it is given keys", () => {
  expect(walks.filter((walk) => !WALKS.some((entry) => allows(entry, walk)))).toEqual([]);
});

it("nothing is allowed that no statement needs", () => {
  const idle = WALKS.filter((entry) => !walks.some((walk) => allows(entry, walk)));
  expect(idle).toEqual([]);
});
