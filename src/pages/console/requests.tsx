import { LinkButton } from "../parts/button.tsx";
import { More } from "../parts/more.tsx";
import { Empty } from "../parts/rows.tsx";
import { Said } from "../parts/said.tsx";
import { Time } from "../parts/time.tsx";
import type { Words } from "../words/en.ts";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";
import { RequestCard, type WaitingFacts } from "./parts/request-card.tsx";

/** A request that waits no more, as lists show it. */
export interface DecidedFacts {
  readonly id: string;
  /** "You let Dr. Roth view Lab results." */
  readonly sentence: string;
  /** Epoch seconds: when it was decided, or expired. */
  readonly at: number;
}

export type RequestNotice = keyof Words["requests"]["notices"];

interface RequestsPageProps {
  readonly frame: ConsoleFrame;
  readonly waiting: readonly WaitingFacts[];
  /** Whether this is all that waits. */
  readonly isAll: boolean;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
}

/** What waits for the owner. */
export function RequestsPage({ frame, waiting, isAll, next }: RequestsPageProps) {
  const words = frame.words.requests;
  const title = isAll ? words.waiting(waiting.length) : words.someWait;
  return (
    <ConsoleLayout frame={frame} place="requests" title={title} isLive>
      <h1>{title}</h1>
      {waiting.length === 0 && <Empty>{words.empty}</Empty>}
      <ul class="rows">
        {waiting.map((request) => (
          <RequestCard frame={frame} request={request} />
        ))}
      </ul>
      <More frame={frame} next={next} />
      <p>
        <LinkButton kind="aside" href={`${frame.console}/decided`}>
          {words.seeDecided}
        </LinkButton>
      </p>
    </ConsoleLayout>
  );
}

interface DecidedRequestsPageProps {
  readonly frame: ConsoleFrame;
  readonly decided: readonly DecidedFacts[];
  readonly next: string | null;
}

/** What was decided of late, or expired. */
export function DecidedRequestsPage({ frame, decided, next }: DecidedRequestsPageProps) {
  const words = frame.words.requests;
  return (
    <ConsoleLayout frame={frame} place="requests" title={words.decided}>
      <h1>{words.decided}</h1>
      {decided.length === 0 && next === null && <Empty>{words.noneDecided}</Empty>}
      <ul class="rows links">
        {decided.map(({ id, sentence, at }) => (
          <li>
            <a class="row" href={`${frame.console}/requests/${encodeURIComponent(id)}`}>
              <span class="about">
                <span>
                  <Said text={sentence} />
                </span>
                <span class="quiet">
                  <Time frame={frame} at={at} />
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <More frame={frame} next={next} />
      <p>
        <LinkButton kind="aside" href={`${frame.console}/requests`}>
          {words.seeWaiting}
        </LinkButton>
      </p>
    </ConsoleLayout>
  );
}
