import type { ApiDescription } from "../support/server/api-description.ts";
import { SECRET_MEMBERS, type Secrets } from "./secrets.ts";
import { describeShot, encodeBody, type Shot, targetOf } from "./shot.ts";
import { kindOf, type Stock, wholePath } from "./stock.ts";
import type { Reply } from "./wire.ts";

/** What is made is told by one of these, by whichever name its kind has. */
const ID_MEMBERS = [
  "_id",
  "id",
  "client_id",
  "owner_id",
  "policy_id",
  "group_id",
  "invitation_id",
  "grant_id",
  "request_id",
];

/** Of all calls. Some need what nothing here can bring about, such as a message that was given up after three days. */
const ENOUGH_REACHED = 0.8;

/** Looks at each answer, and learns from it what the next requests can use. */
export class Watch {
  /** By what is wrong: how often it was seen. */
  readonly faults = new Map<string, number>();
  /** By call: how often it was answered with which status. */
  readonly answered = new Map<string, Map<number, number>>();
  /** Why a call was refused last that was made in good faith. */
  readonly lastRefusal = new Map<string, string>();
  readonly #api: ApiDescription;
  readonly #stock: Stock;
  readonly #secrets: Secrets;
  readonly #tell: (what: string, where: string) => void;

  /** @param tell of a kind of fault, when it is seen first */
  constructor(api: ApiDescription, stock: Stock, secrets: Secrets, tell: (what: string, where: string) => void) {
    this.#api = api;
    this.#stock = stock;
    this.#secrets = secrets;
    this.#tell = tell;
  }

  fault(what: string, shot: Shot, reply: Reply | null): void {
    const answer = reply === null ? "nothing" : `${reply.status} ${reply.text.slice(0, 300)}`;
    this.#add(`${what}: ${nameOf(shot)}`, `${describeShot(shot)} => ${answer}`);
  }

  #add(what: string, where: string): void {
    const seen = this.faults.get(what) ?? 0;
    if (seen === 0) this.#tell(what, where);
    this.faults.set(what, seen + 1);
  }

  /** @param places where requests of strangers changed something */
  changed(places: readonly string[]): void {
    if (places.length > 0) this.#add("requests of strangers changed something", places.join("; "));
  }

  /** Before it is sent. What is made a name or a member of a document is kept there, and is told to all who read it. */
  expect({ body }: Shot): void {
    if (body?.kind === "json") this.#secrets.forgetIn(JSON.stringify(body.value) ?? "");
  }

  /** @param inGoodFaith nothing was done to the request to make it wrong */
  look(shot: Shot, reply: Reply, inGoodFaith: boolean): void {
    this.#count(shot, reply);
    if (inGoodFaith && reply.status >= 400)
      this.lastRefusal.set(nameOf(shot), `${reply.status} ${reply.text.slice(0, 160)}`);
    if (reply.status >= 500) this.fault("the server failed", shot, reply);
    else if (reply.status < 200) this.fault("that is no answer", shot, reply);
    this.#lookAtBody(shot, reply);
    const leaked = this.#secrets.findIn(`${reply.text} ${reply.headers.flat().join(" ")}`);
    // Whoever sends a page's own sealed statements gets them back in its next form.
    if (leaked !== null && !sentIn(shot).includes(leaked)) this.fault("an answer tells a secret", shot, reply);
    this.#learn(shot, reply);
  }

  /** Calls that nothing got through to were refused at the door: too many of them, and little was shown. */
  reached(few: number, all: number): void {
    if (few < all * ENOUGH_REACHED) this.#add("too few calls were got through to", `${few} of ${all}`);
  }

  /** @param line of the log */
  lookAtLog(line: string): void {
    // What a request is called is its sender's own choice, so that it can be found again.
    const leaked = this.#secrets.findIn(line.replace(/request_id: '[^']*'/, ""));
    if (leaked !== null) this.#add("a log line tells a secret", `${leaked} in ${line.slice(0, 500)}`);
    if (/"unexpected_error"|[Uu]ncaught/.test(line)) this.#add("the log has an error", line.slice(0, 1_500));
  }

  #lookAtBody(shot: Shot, reply: Reply): void {
    if (shot.method === "HEAD" || reply.status >= 500) return;
    if (/[/+]json$/.test(reply.mediaType)) {
      const body = parsed(reply.text);
      const isRefusal = reply.status >= 400;
      if (body === null) this.fault("an answer is no JSON", shot, reply);
      else if (isRefusal && typeof body.error !== "string") this.fault("a refusal has no error", shot, reply);
    }
    const [path = ""] = targetOf(shot).split("?");
    const call = this.#api.find(shot.method, path);
    const wrong = call === null ? null : this.#api.faultOf(call, reply);
    if (wrong !== null) this.fault(`an answer is not as described (${wrong})`, shot, reply);
  }

  #count(shot: Shot, { status }: Reply): void {
    const name = nameOf(shot);
    const counts = this.answered.get(name) ?? new Map<number, number>();
    counts.set(status, (counts.get(status) ?? 0) + 1);
    this.answered.set(name, counts);
  }

  /** What was made can be asked for, changed and removed; what was given out must not come back anywhere. */
  #learn(shot: Shot, { status, text, mediaType, headers }: Reply): void {
    const requestId = headers.find(([name]) => name.toLowerCase() === "x-request-id")?.[1];
    if (requestId !== undefined) this.#stock.put("request_id", requestId);
    if (status >= 400 || shot.call === null) return;
    const body = mediaType === "application/json" ? parsed(text) : null;
    if (body === null) return;
    for (const member of SECRET_MEMBERS) {
      const value = body[member];
      if (typeof value !== "string") continue;
      this.#secrets.add(value);
      this.#stock.put(member, value);
    }
    if (shot.method === "POST") this.#learnId(shot, body);
    if (typeof body.next === "string") this.#stock.put("next", body.next);
  }

  #learnId({ call, path }: Shot, body: Readonly<Record<string, unknown>>): void {
    const kind = kindOf(call?.path.split("/").at(-1) ?? "");
    const id = ID_MEMBERS.map((member) => body[member]).find((value) => typeof value === "string");
    if (typeof id !== "string") return;
    this.#stock.put(kind, id);
    // Below an owner, an invitation is found at that owner alone.
    const below = this.#api.calls.find(
      (one) => one.path.replace(/\/\{\w+\}$/, "") === call?.path && one.path !== call.path,
    );
    if (below !== undefined) this.#stock.put(wholePath(below.path), `${path.replace(/\/$/, "")}/${id}`);
  }
}

function nameOf({ call }: Shot): string {
  return call === null ? "pages" : `${call.method} ${call.path}`;
}

function sentIn(shot: Shot): string {
  const body = encodeBody(shot.body)?.bytes.toString("utf8") ?? "";
  const target = targetOf(shot);
  return [target, decodeURIComponentOr(target), body, decodeURIComponentOr(body), ...shot.headers.flat()].join(" ");
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
