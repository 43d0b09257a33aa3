import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Account } from "../../../src/operations/ports/account.ts";
import type { Invitation } from "../../../src/operations/ports/invitation.ts";
import { MAX_ADMINISTRATORS, MAX_INVITATIONS } from "../../../src/shared/limits.ts";
import { D1ActingViewStore } from "../../../src/storage/d1/acting-views.ts";
import { D1AdministratorStore } from "../../../src/storage/d1/administrators.ts";
import { D1ConsentStore } from "../../../src/storage/d1/consents.ts";
import { D1InvitationStore } from "../../../src/storage/d1/invitations.ts";
import { D1SessionStore } from "../../../src/storage/d1/sessions.ts";
import { addressProof, givenAccount, START, someSession } from "../../support/workerd/people.ts";
import { freshId, givenOwner } from "../../support/workerd/records.ts";

const administrators = new D1AdministratorStore(env.DB);
const invitations = new D1InvitationStore(env.DB);
const DAY = 86_400;

/** An invitation of the operator's, unless said otherwise, and the hash of its link. */
async function invite(ownerId: string, changes: Partial<Invitation> = {}) {
  const hash = freshId("hash");
  const id = freshId("invitation");
  const usual = {
    role: "administrator",
    endsAt: null,
    invitedBy: null,
    sealedAddress: null,
    createdAt: START,
    expiresAt: START + DAY,
  } as const;
  const kept = await invitations.insert({ id, ownerId, ...usual, ...changes }, hash);
  return { hash, id, kept };
}

async function administratorOf(ownerId: string, changes: Partial<Invitation> = {}, now = START): Promise<Account> {
  const account = await givenAccount();
  const { hash } = await invite(ownerId, changes);
  expect(await invitations.accept(hash, account.id, now)).not.toBeNull();
  return account;
}

const rights = async (ownerId: string, account: Account, now = START) =>
  (await administrators.listByOwner(ownerId, now))
    .filter(({ accountId }) => accountId === account.id)
    .map(({ role, beginsAt, endsAt }) => [role, beginsAt, endsAt]);

describe("an invitation", () => {
  it("makes one administrator, however many accept it at once", async () => {
    const owner = await givenOwner();
    const { hash, id } = await invite(owner.id);
    const people = await Promise.all([1, 2, 3, 4].map(() => givenAccount()));
    const accepted = await Promise.all(people.map((person) => invitations.accept(hash, person.id, START)));
    expect(accepted.filter((invitation) => invitation !== null)).toMatchObject([{ id, ownerId: owner.id }]);
    expect(await administrators.listByOwner(owner.id, START)).toHaveLength(1);
    expect(await invitations.find(hash, START)).toBeNull();
  });

  it("that is accepted twice and declined at once comes to one thing", async () => {
    const owner = await givenOwner();
    const { hash } = await invite(owner.id);
    const [one, two] = [await givenAccount(), await givenAccount()];
    const answers = await Promise.all([
      invitations.accept(hash, one.id, START),
      invitations.decline(hash, START),
      invitations.accept(hash, two.id, START),
    ]);
    expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    expect(await invitations.find(hash, START)).toBeNull();
  });

  it("counts until it expires, and not in that second", async () => {
    const owner = await givenOwner();
    const account = await givenAccount();
    const { hash } = await invite(owner.id);
    expect(await invitations.accept(hash, account.id, START + DAY)).toBeNull();
    expect(await invitations.decline(hash, START + DAY)).toBeNull();
    expect((await invitations.list(owner.id, START + DAY, null, 10)).items).toEqual([]);
    expect(await invitations.accept(hash, account.id, START + DAY - 1)).not.toBeNull();
  });

  it("to a role that is over counts no more", async () => {
    const owner = await givenOwner();
    const { hash } = await invite(owner.id, { endsAt: START + 10 });
    const account = await givenAccount();
    expect(await invitations.accept(hash, account.id, START + 10)).toBeNull();
    expect(await administrators.find(owner.id, account.id, START + 10)).toBeNull();
  });

  it("is void once whoever gave it is ended, and stays so when they come back", async () => {
    const owner = await givenOwner();
    const [inviter, other] = [await administratorOf(owner.id), await administratorOf(owner.id)];
    const { hash } = await invite(owner.id, { invitedBy: inviter.id });
    expect((await invitations.find(hash, START))?.stands).toBe(true);
    expect(await administrators.end(owner.id, inviter.id, other.id, START)).toBe(true);
    const again = await invite(owner.id);
    await invitations.accept(again.hash, inviter.id, START);
    expect(await invitations.find(hash, START)).toBeNull();
  });

  it("is void from the second on in which the time of whoever gave it is over", async () => {
    const owner = await givenOwner();
    const inviter = await administratorOf(owner.id, { endsAt: START + 10 });
    const { hash } = await invite(owner.id, { invitedBy: inviter.id });
    const account = await givenAccount();
    expect((await invitations.find(hash, START + 9))?.stands).toBe(true);
    expect((await invitations.find(hash, START + 10))?.stands).toBe(false);
    expect(await invitations.accept(hash, account.id, START + 10)).toBeNull();
    expect(await invitations.decline(hash, START + 10)).toBeNull();
  });

  it("of somebody whose right ends gives none that lasts longer", async () => {
    const owner = await givenOwner();
    const inviter = await administratorOf(owner.id, { endsAt: START + 100 });
    for (const [endsAt, kept] of [
      [null, 100],
      [START + 500, 100],
      [START + 50, 50],
    ] as const)
      expect((await invite(owner.id, { invitedBy: inviter.id, endsAt })).kept?.endsAt).toBe(START + kept);
  });

  it("is given and taken back by no assistant, no stranger and nobody of another organisation", async () => {
    const [owner, other] = [await givenOwner(), await givenOwner()];
    const assistant = await administratorOf(owner.id, { role: "assistant" });
    const foreigner = await administratorOf(other.id);
    const stranger = await givenAccount();
    for (const { id } of [assistant, foreigner, stranger]) {
      expect((await invite(owner.id, { invitedBy: id })).kept).toBeNull();
      const { id: invitationId } = await invite(owner.id);
      expect(await invitations.remove(owner.id, invitationId, id, START)).toBe(false);
      expect(await invitations.remove(other.id, invitationId, foreigner.id, START)).toBe(false);
    }
  });

  it("is to an organisation: people act for themselves, and nobody invites to what there is not", async () => {
    const person = await givenAccount();
    expect((await invite(person.ownerId)).kept).toBeNull();
    expect((await invite(person.ownerId, { invitedBy: person.id })).kept).toBeNull();
    expect((await invite("nothing")).kept).toBeNull();
  });

  it("of one organisation have a limit, however many are given at once", async () => {
    const owner = await givenOwner();
    const given = await Promise.all(Array.from({ length: MAX_INVITATIONS + 5 }, () => invite(owner.id)));
    expect(given.filter(({ kept }) => kept !== null)).toHaveLength(MAX_INVITATIONS);
    expect((await invite(owner.id, { createdAt: START + DAY, expiresAt: START + 2 * DAY })).kept).not.toBeNull();
  });

  it("are listed page by page, and dropped when they have expired", async () => {
    const owner = await givenOwner();
    const ids = [];
    for (const createdAt of [START, START + 1, START + 2]) ids.push((await invite(owner.id, { createdAt })).id);
    const first = await invitations.list(owner.id, START, null, 2);
    const second = await invitations.list(owner.id, START, first.next, 2);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.next).toBeNull();
    await invitations.removeExpired(START + DAY);
    expect((await invitations.list(owner.id, START, null, 10)).items).toEqual([]);
  });
});

describe("whoever is an administrator already", () => {
  it.each([
    ["keeps the later end", { endsAt: START + 10 }, { endsAt: START + 20 }, [["administrator", START, START + 20]]],
    ["keeps what has no end", {}, { endsAt: START + 20 }, [["administrator", START, null]]],
    ["loses the end where there is none", { endsAt: START + 20 }, {}, [["administrator", START, null]]],
    ["keeps the wider role", {}, { role: "assistant" }, [["administrator", START, null]]],
    ["gets the wider role", { role: "assistant" }, {}, [["administrator", START + 1, null]]],
    [
      "gets the wider role for its time, and keeps the narrower for longer",
      { role: "assistant" },
      { endsAt: START + 10 },
      [
        ["administrator", START + 1, START + 10],
        ["assistant", START, null],
      ],
    ],
  ] as const)("%s", async (_, former, later, expected) => {
    const owner = await givenOwner();
    const account = await administratorOf(owner.id, former);
    const { hash } = await invite(owner.id, later);
    expect(await invitations.accept(hash, account.id, START + 1)).not.toBeNull();
    expect(await rights(owner.id, account)).toEqual(expected);
  });

  it("is found in the widest role, and in the other when that is over", async () => {
    const owner = await givenOwner();
    const account = await administratorOf(owner.id, { role: "assistant" });
    await invitations.accept((await invite(owner.id, { endsAt: START + 10 })).hash, account.id, START);
    await new D1SessionStore(env.DB).insert(someSession(account), account.id, null, null);
    const found = async (now: number) => [
      (await administrators.find(owner.id, account.id, now))?.role,
      (await new D1ConsentStore(env.DB).findConsenter(account.id, "client", now))?.owners
        .map((one) => one.ownerId)
        .sort(),
    ];
    const owners = [owner.id, account.ownerId].sort();
    expect(await found(START + 9)).toEqual(["administrator", owners]);
    expect(await found(START + 10)).toEqual(["assistant", owners]);
  });

  it("begins anew when the former right is over", async () => {
    const owner = await givenOwner();
    const account = await administratorOf(owner.id, { endsAt: START + 10 });
    await invitations.accept((await invite(owner.id, { endsAt: START + 90 })).hash, account.id, START + 50);
    expect(await rights(owner.id, account, START + 50)).toEqual([["administrator", START + 50, START + 90]]);
    expect(await administrators.find(owner.id, account.id, START + 30)).toBeNull();
  });
});

describe("an administrator", () => {
  it("is ended by another, by the operator, and by themselves", async () => {
    const owner = await givenOwner();
    const [one, two, three, four] = await Promise.all([1, 2, 3, 4].map(() => administratorOf(owner.id)));
    if (!one || !two || !three || !four) throw new Error("four were made");
    expect(await administrators.end(owner.id, two.id, one.id, START)).toBe(true);
    expect(await administrators.end(owner.id, three.id, null, START)).toBe(true);
    expect(await administrators.end(owner.id, four.id, four.id, START)).toBe(true);
    expect((await administrators.listByOwner(owner.id, START)).map(({ accountId }) => accountId)).toEqual([one.id]);
    expect(await administrators.end(owner.id, two.id, one.id, START)).toBe(false);
  });

  it("who is the last one goes by the operator only, also where an assistant stays", async () => {
    const owner = await givenOwner();
    const [last, assistant] = [await administratorOf(owner.id), await administratorOf(owner.id, { role: "assistant" })];
    const over = await administratorOf(owner.id, { endsAt: START + 10 });
    expect(await administrators.end(owner.id, last.id, last.id, START + 10)).toBe(false);
    expect(await administrators.end(owner.id, last.id, assistant.id, START + 10)).toBe(false);
    expect(await administrators.end(owner.id, last.id, over.id, START + 10)).toBe(false);
    expect(await administrators.end(owner.id, assistant.id, assistant.id, START + 10)).toBe(true);
    expect(await administrators.end(owner.id, last.id, null, START + 10)).toBe(true);
  });

  it("of two who end each other at once one stays", async () => {
    const owner = await givenOwner();
    const [one, two] = [await administratorOf(owner.id), await administratorOf(owner.id)];
    const ended = await Promise.all([
      administrators.end(owner.id, one.id, two.id, START),
      administrators.end(owner.id, two.id, one.id, START),
    ]);
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await administrators.listByOwner(owner.id, START)).toHaveLength(1);
  });

  it("of all who leave at once one stays", async () => {
    const owner = await givenOwner();
    const people = await Promise.all([1, 2, 3].map(() => administratorOf(owner.id)));
    const left = await Promise.all(people.map(({ id }) => administrators.end(owner.id, id, id, START)));
    expect(left.filter(Boolean)).toHaveLength(2);
  });

  it("with two rights loses both at once", async () => {
    const owner = await givenOwner();
    const [one, two] = [await administratorOf(owner.id), await administratorOf(owner.id, { role: "assistant" })];
    await invitations.accept((await invite(owner.id, { endsAt: START + 10 })).hash, two.id, START);
    expect(await administrators.end(owner.id, two.id, one.id, START)).toBe(true);
    expect(await rights(owner.id, two)).toEqual([]);
  });

  it("is ended by no assistant, no stranger and nobody of another organisation", async () => {
    const [owner, other] = [await givenOwner(), await givenOwner()];
    const [one, two] = [await administratorOf(owner.id), await administratorOf(owner.id)];
    const assistant = await administratorOf(owner.id, { role: "assistant" });
    const foreigner = await administratorOf(other.id);
    for (const { id } of [assistant, foreigner, await givenAccount()])
      expect(await administrators.end(owner.id, one.id, id, START)).toBe(false);
    expect(await administrators.end(other.id, one.id, foreigner.id, START)).toBe(false);
    expect(await administrators.find(owner.id, two.id, START)).not.toBeNull();
  });

  it("of what is their own stays, whoever would end it", async () => {
    const account = await givenAccount();
    expect(await administrators.end(account.ownerId, account.id, account.id, START)).toBe(false);
    expect(await administrators.end(account.ownerId, account.id, null, START)).toBe(false);
  });

  it("is dropped once a day when their time is over", async () => {
    const owner = await givenOwner();
    await administratorOf(owner.id, { endsAt: START + 9 });
    await administrators.removeEnded(START + 8);
    expect(await administrators.listByOwner(owner.id, START)).toHaveLength(1);
    await administrators.removeEnded(START + 9);
    expect(await administrators.listByOwner(owner.id, START)).toEqual([]);
  });

  it("is not added where there are too many, and the invitation waits", async () => {
    const owner = await givenOwner();
    const one = await administratorOf(owner.id);
    const crowd = Array.from({ length: MAX_ADMINISTRATORS - 1 }, (_, index) => index);
    await env.DB.batch(
      await Promise.all(
        crowd.map(async () =>
          env.DB.prepare(
            "INSERT INTO administrators (owner_id, account_id, role, begins_at) VALUES (?1, ?2, 'assistant', ?3)",
          ).bind(owner.id, (await givenAccount()).id, START),
        ),
      ),
    );
    const { hash } = await invite(owner.id, { invitedBy: one.id });
    const late = await givenAccount();
    expect(await invitations.accept(hash, late.id, START)).toBeNull();
    expect((await invitations.find(hash, START))?.stands).toBe(true);
    expect(await invitations.accept(hash, one.id, START)).not.toBeNull();
  });
});

describe("what is shown", () => {
  const views = new D1ActingViewStore(env.DB);

  /** The hash of a session of this account. */
  async function sessionOf(account: Account): Promise<string> {
    const hash = freshId("session-hash");
    await new D1SessionStore(env.DB).insert(someSession(account), hash, null, null);
    return hash;
  }

  it("of an owner: who acts for it, what they are called, and whom they invited", async () => {
    const owner = await givenOwner();
    const address = `${freshId("a")}@example.com`;
    const ana = await givenAccount(addressProof(address));
    const { hash } = await invite(owner.id);
    await invitations.accept(hash, ana.id, START);
    const ben = await administratorOf(owner.id, { invitedBy: ana.id, role: "assistant", endsAt: START + 9 });
    const { id } = await invite(owner.id, { invitedBy: ana.id, sealedAddress: "sealed" });
    const session = await sessionOf(ana);
    const shown = await views.ofOwner(session, owner.id, START + 8);
    expect(shown?.administered.map(({ ownerId, role }) => [ownerId, role])).toEqual([
      [ana.ownerId, "administrator"],
      [owner.id, "administrator"],
    ]);
    expect(shown?.fellows.find(({ accountId }) => accountId === ana.id)).toMatchObject({
      account: { wrappedKey: ana.wrappedKey, sealedName: ana.sealedName },
      address,
      invitedBy: null,
    });
    expect(shown?.fellows.find(({ accountId }) => accountId === ben.id)).toMatchObject({
      role: "assistant",
      address: null,
      invitedBy: ana.id,
    });
    expect(shown?.invitations).toMatchObject([{ id, sealedAddress: "sealed", inviterKey: ana.wrappedKey }]);
    expect((await views.ofOwner(session, owner.id, START + 9))?.fellows).toHaveLength(1);
  });

  it("of what is one's own: oneself", async () => {
    const ana = await givenAccount();
    const shown = await views.ofOwner(await sessionOf(ana), null, START);
    expect(shown).toMatchObject({ ownerId: ana.ownerId, fellows: [{ accountId: ana.id }], invitations: [] });
    expect(shown?.signedIn.account).toEqual(ana);
  });

  it("of an invitation: whose it is, and what its reader is already", async () => {
    const owner = await givenOwner({ name: "Lakeside Clinic" });
    const [ana, ben] = [await administratorOf(owner.id), await givenAccount()];
    const { hash, id } = await invite(owner.id, { invitedBy: ana.id });
    const toBen = await views.ofInvitation(hash, await sessionOf(ben), START);
    expect(toBen.opened).toMatchObject({ invitation: { id }, ownerName: "Lakeside Clinic", stands: true });
    expect(toBen.opened?.inviter).toEqual({ wrappedKey: ana.wrappedKey, sealedName: ana.sealedName });
    expect(toBen.reader).toMatchObject({ signedIn: { account: ben }, address: null, present: null });
    const toAna = await views.ofInvitation(hash, await sessionOf(ana), START);
    expect(toAna.reader?.present).toMatchObject({ ownerId: owner.id, role: "administrator" });
    expect(await views.ofInvitation(hash, null, START)).toMatchObject({ opened: { stands: true }, reader: null });
    expect(await views.ofInvitation("nothing", null, START)).toEqual({ opened: null, reader: null });
  });

  it("to nobody whose session has ended", async () => {
    const ana = await givenAccount();
    const session = await sessionOf(ana);
    expect(await views.ofOwner(session, null, START + 1_000)).toBeNull();
    expect((await views.ofInvitation("nothing", session, START + 1_000)).reader).toBeNull();
  });
});
