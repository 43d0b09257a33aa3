import { type Event, type Level, levelOf } from "../events/event.ts";
import { renderEvent } from "../events/render-event.ts";
import { ProtocolError } from "../shared/error.ts";
import { wireSafe, withoutTokens } from "../shared/wire-text.ts";
import type { EventSink, RequestLog, Story, Teller } from "./ports/event.ts";

/** Events of one request beyond these say nothing new. */
const MAX_EVENTS = 20;

/** What log lines are written for; a level says that those above it are, too. */
export type LogLevel = Exclude<Level, "detail">;

const ORDER: readonly LogLevel[] = ["info", "warn", "error"];

/** Listens to what happens in one request. */
export class Listener implements EventSink {
  readonly requestId: string;
  readonly events: Event[] = [];

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  emit(event: Event): void {
    if (this.events.length < MAX_EVENTS) this.events.push(event);
  }
}

/** What was thrown on the way to an answer, as an event: a refusal, or what is our own fault. */
export function errorEvent(error: unknown): Event {
  if (!(error instanceof ProtocolError)) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: "unexpected_error", name, message, stack: stack ?? null };
  }
  const { code, reason, message } = error;
  if (code === "quota_exceeded") return { kind: "quota_reached" };
  if (error.status >= 500) return { kind: "request_failed", error: code, reason };
  return { kind: "refused", error: code, reason, description: wireSafe(withoutTokens(message)) };
}

interface TellServices {
  readonly config: { readonly logLevel: LogLevel };
  readonly requestLog: Pick<RequestLog, "keep">;
}

/**
 * Tells the operator what happened: a line in the log for each event that matters, and the whole in the story.
 * @param source says where the request came from, as the edge saw it; only asked of whom nobody knows.
 */
export function tellStory({ config, requestLog }: TellServices, story: Story, source: () => string): void {
  const caller = story.events.find((event) => event.kind === "authenticated") ?? null;
  for (const event of story.events) {
    const level = levelOf(event);
    if (level !== "detail" && ORDER.indexOf(level) >= ORDER.indexOf(config.logLevel)) {
      console[level](lineOf(event, story, caller));
    }
  }
  requestLog.keep(story, tellerOf(caller, source));
}

type Authenticated = Extract<Event, { readonly kind: "authenticated" }>;

/** INVARIANT: never what a stranger can choose (ledger/README.md, rule 9). */
function tellerOf(caller: Authenticated | null, source: () => string): Teller {
  if (caller?.proven !== true) return { proven: false, name: source() };
  return { proven: true, name: caller.clientId ?? "the operator" };
}

/** Who called is told with every event, unless the event itself says who is meant. */
function lineOf(event: Event, { requestId, method, path, status }: Story, caller: Authenticated | null): object {
  const context = { request_id: requestId, method, path, status };
  const who = caller && { client_id: caller.clientId, ...(caller.ownerId ? { owner_id: caller.ownerId } : {}) };
  return { ...context, ...who, ...renderEvent(event) };
}
