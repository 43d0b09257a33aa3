import { waitUntil } from "cloudflare:workers";
import type { RequestLog, Story, Teller } from "../../operations/ports/event.ts";
import type { RequestLogObject, WrittenStory } from "./request-log.ts";

/** Stories wait so long to be written together: one call for many requests, and none that a request waits for. */
const GATHER_SECONDS = 1;
/** If nobody has written them by then, the request that was to do it has ended before its time. */
const OVERDUE_SECONDS = 5;
/** Stories written of one gathering; beyond that they are left out, so that a flood costs no more than this. */
const STORIES_AT_ONCE = 100;
/** What went well is seldom asked for, so it leaves room for what did not. */
const GOOD_STORIES_AT_ONCE = 50;
const STORIES_AT_ONCE_PER_TELLER = 40;
const STORY_CHARACTERS = 8_000;

/** The request log as the Worker calls it. */
export class RequestLogs implements RequestLog {
  readonly #proven: Gathering;
  readonly #strangers: Gathering;

  constructor(namespace: DurableObjectNamespace<RequestLogObject>) {
    this.#proven = new Gathering(() => namespace.getByName("proven"));
    this.#strangers = new Gathering(() => namespace.getByName("strangers"));
  }

  keep(story: Story, { proven, name }: Teller): void {
    (proven ? this.#proven : this.#strangers).add(story, name);
  }

  async find(requestId: string): Promise<readonly Story[]> {
    const found = await Promise.all([this.#proven.find(requestId), this.#strangers.find(requestId)]);
    return found.flat().sort((one, other) => one.at - other.at);
  }
}

/** A story and whose it is. */
interface Told {
  readonly story: Story;
  readonly teller: string;
}

/** Stories on their way to one object. */
class Gathering {
  readonly #object: () => DurableObjectStub<RequestLogObject>;
  #waiting: Told[] = [];
  #told = new Map<string, number>();
  /** Epoch milliseconds; 0 when nobody is to write. */
  #overdueAt = 0;

  constructor(object: () => DurableObjectStub<RequestLogObject>) {
    this.#object = object;
  }

  /** INVARIANT: whoever tells much crowds out nobody else (ledger/README.md, rule 9). */
  add(story: Story, teller: string): void {
    const told = this.#told.get(teller) ?? 0;
    const most = story.status < 400 ? GOOD_STORIES_AT_ONCE : STORIES_AT_ONCE;
    if (told < STORIES_AT_ONCE_PER_TELLER && this.#waiting.length < most) {
      this.#told.set(teller, told + 1);
      this.#waiting.push({ story, teller });
    }
    if (Date.now() >= this.#overdueAt) waitUntil(this.#writeSoon());
  }

  async find(requestId: string): Promise<readonly Story[]> {
    await this.#write();
    return (await this.#object().find(requestId)).map((story) => JSON.parse(story));
  }

  async #writeSoon(): Promise<void> {
    this.#overdueAt = Date.now() + OVERDUE_SECONDS * 1_000;
    await scheduler.wait(GATHER_SECONDS * 1_000);
    // A story that is lost is no reason to fail anything: the log has it, too.
    await this.#write().catch((error: unknown) => console.warn({ event: "stories_lost", message: String(error) }));
  }

  async #write(): Promise<void> {
    const told = this.#waiting;
    this.#waiting = [];
    this.#told = new Map();
    this.#overdueAt = 0;
    if (told.length > 0) await this.#object().keep(told.map(write));
  }
}

/** A story that is too long is told without its events, rather than not at all. */
function write({ story, teller }: Told): WrittenStory {
  const whole = JSON.stringify(story);
  const written = whole.length <= STORY_CHARACTERS ? whole : JSON.stringify({ ...story, events: [], shortened: true });
  return { requestId: story.requestId, teller, story: written };
}
