import { beforeEach, describe, expect, it } from "vitest";
import {
  DOCUMENT_COOL_DOWN_SECONDS,
  DOCUMENT_FRESH_SECONDS,
  DOCUMENT_MEMORY_SECONDS,
  type DocumentReader,
  FetchRefused,
  type PublicDocument,
} from "../../../src/protocol/public-document.ts";
import { type PublicDocuments, RemoteDocuments } from "../../../src/storage/remote/documents.ts";
import { createGuardedFetch } from "../../../src/storage/remote/guarded-fetch.ts";
import { ISSUER, START } from "../../support/pure/signer.ts";
import { freshHost, KeyHosts } from "../../support/workerd/key-hosts.ts";

/** What isolates share, with a count of the looks at it. */
class SharedCopies implements PublicDocuments {
  readonly #copies = new Map<string, PublicDocument>();
  looks = 0;

  async find(url: string): Promise<PublicDocument | null> {
    this.looks += 1;
    return this.#copies.get(url) ?? null;
  }

  async keep(url: string, document: PublicDocument): Promise<void> {
    this.#copies.set(url, document);
  }
}

/** A document is an object with a version. */
const read: DocumentReader<number> = (body) => {
  const version = typeof body === "number" ? body : Object(body).version;
  return typeof version === "number" ? version : null;
};

let hosts: KeyHosts;
let shared: SharedCopies;
let url: string;

beforeEach(() => {
  hosts = new KeyHosts();
  shared = new SharedCopies();
  url = `${freshHost()}/document`;
  hosts.serves(url, { version: 1 });
});

const isolate = () => new RemoteDocuments(createGuardedFetch(hosts.fetch, ISSUER), shared);

/** An answer that comes when it is let go. */
function heldBack(body: unknown) {
  const { promise, resolve } = Promise.withResolvers<void>();
  hosts.answers(url, async () => {
    await promise;
    return Response.json(body);
  });
  return resolve;
}

const inAMoment = () => scheduler.wait(5);

describe("an isolate's memory", () => {
  it("is relied on for a while, then compared with what isolates share", async () => {
    const documents = isolate();
    for (let second = 0; second < DOCUMENT_MEMORY_SECONDS; second += 1) await documents.load(url, read, START + second);
    expect(shared.looks).toBe(2);
    await shared.keep(url, { content: 2, fetchedAt: START + 1 });
    expect(await documents.load(url, read, START + DOCUMENT_MEMORY_SECONDS)).toBe(2);
    expect(hosts.asked).toEqual([url]);
  });

  it("is not overruled by an older copy, nor by anything that is no such document", async () => {
    const documents = isolate();
    await documents.load(url, read, START);
    await shared.keep(url, { content: 0, fetchedAt: START - 1 });
    expect(await documents.load(url, read, START + DOCUMENT_MEMORY_SECONDS)).toBe(1);
    await shared.keep(url, { content: { error: "maintenance" }, fetchedAt: START + 60 });
    expect(await documents.load(url, read, START + 2 * DOCUMENT_MEMORY_SECONDS)).toBe(1);
  });

  it("is bounded: of many documents the ones that nobody asks for go first", async () => {
    const documents = isolate();
    await documents.load(url, read, START);
    for (let number = 0; number < 250; number += 1) {
      hosts.serves(`${url}/${number}`, { version: number });
      await documents.load(`${url}/${number}`, read, START);
      await documents.load(url, read, START);
    }
    const looks = shared.looks;
    await documents.load(url, read, START);
    await documents.load(`${url}/249`, read, START);
    expect(shared.looks).toBe(looks);
    await documents.load(`${url}/0`, read, START);
    expect(shared.looks).toBe(looks + 1);
    expect(hosts.asked).toHaveLength(251);
  });
});

describe("a host that is slow", () => {
  it("is asked once, however many requests come before its first answer", async () => {
    const documents = isolate();
    const answer = heldBack({ version: 1 });
    const loads = Array.from({ length: 50 }, () => documents.load(url, read, START));
    await inAMoment();
    answer();
    expect(new Set(await Promise.all(loads))).toEqual(new Set([1]));
    expect(hosts.asked).toEqual([url]);
  });

  it("holds up nobody who has a copy", async () => {
    const documents = isolate();
    await documents.load(url, read, START);
    const answer = heldBack({ version: 2 });
    const stale = START + DOCUMENT_FRESH_SECONDS;
    const first = documents.load(url, read, stale);
    await inAMoment();
    expect(await documents.load(url, read, stale)).toBe(1);
    answer();
    expect(await first).toBe(2);
    expect(await documents.load(url, read, stale)).toBe(2);
  });

  it("is waited for by those whose keys it may replace", async () => {
    const documents = isolate();
    await documents.load(url, read, START);
    const answer = heldBack({ version: 2 });
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    const looks = Array.from({ length: 5 }, () => documents.reload(url, read, later));
    await inAMoment();
    answer();
    expect(await Promise.all(looks)).toEqual([2, 2, 2, 2, 2]);
    expect(hosts.asked).toEqual([url, url]);
  });

  it("is no reason to wait when it has failed", async () => {
    const documents = isolate();
    const answer = heldBack({ error: "maintenance" });
    const loads = Array.from({ length: 5 }, () => documents.load(url, read, START));
    await inAMoment();
    answer();
    const results = await Promise.allSettled(loads);
    const refused = { status: "rejected", reason: new FetchRefused("no such document") };
    expect(results).toEqual(Array(5).fill(refused));
    await expect(documents.load(url, read, START + 1)).rejects.toThrow("no such document");
    expect(hosts.asked).toEqual([url]);
  });
});

describe("a look again", () => {
  it("takes what another isolate has just found instead of asking the host", async () => {
    const [one, other] = [isolate(), isolate()];
    await one.load(url, read, START);
    await other.load(url, read, START);
    hosts.serves(url, { version: 2 });
    const later = START + DOCUMENT_COOL_DOWN_SECONDS;
    expect(await one.reload(url, read, later)).toBe(2);
    expect(await other.reload(url, read, later + 1)).toBe(2);
    expect(hosts.asked).toEqual([url, url]);
  });

  it("asks the host where what others found is as old as a cool-down", async () => {
    const [one, other] = [isolate(), isolate()];
    await one.load(url, read, START);
    await other.load(url, read, START);
    await one.reload(url, read, START + DOCUMENT_COOL_DOWN_SECONDS);
    hosts.serves(url, { version: 2 });
    expect(await other.reload(url, read, START + 2 * DOCUMENT_COOL_DOWN_SECONDS)).toBe(2);
  });

  it("comes once per cool-down, whether the host answers or fails", async () => {
    const documents = isolate();
    for (let second = 0; second < 4 * DOCUMENT_COOL_DOWN_SECONDS; second += 1) {
      if (second === 2 * DOCUMENT_COOL_DOWN_SECONDS) hosts.fails(url);
      await documents.load(url, read, START + second);
      await documents.reload(url, read, START + second);
    }
    expect(hosts.asked).toHaveLength(4);
  });
});

it("an answer that was asked for before an operator's does not replace it", async () => {
  const documents = isolate();
  const answer = heldBack({ version: 1 });
  const slow = documents.load(url, read, START);
  await inAMoment();
  hosts.serves(url, { version: 2 });
  expect(await documents.renew(url, read, START + 1)).toBe(2);
  answer();
  expect(await slow).toBe(2);
  expect(await documents.load(url, read, START + 2)).toBe(2);
  expect(await isolate().load(url, read, START + 2)).toBe(2);
});
