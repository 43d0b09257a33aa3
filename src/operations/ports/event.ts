import type { Event } from "../../events/event.ts";

/** Where an operation tells what happened. Each event once; it is rendered elsewhere. */
export interface EventSink {
  emit(event: Event): void;
}

/** What one request came to, and every event on the way. */
export interface Story {
  readonly requestId: string;
  /** When it came in, epoch seconds. */
  readonly at: number;
  readonly method: string;
  /** Without its query, which may carry credentials. */
  readonly path: string;
  readonly status: number;
  readonly events: readonly Event[];
}

/** Whose stories share one allowance: those of an authenticated caller, or of a source that nobody proved to be. */
export interface Teller {
  readonly proven: boolean;
  readonly name: string;
}

/** The stories of the last hour, as far as there was room for them. */
export interface RequestLog {
  keep(story: Story, teller: Teller): void;
  /** Oldest first; a client may have sent the same id several times. */
  find(requestId: string): Promise<readonly Story[]>;
}
