import type { Child } from "hono/jsx";
import { Empty } from "../parts/rows.tsx";
import { Said } from "../parts/said.tsx";
import { Time } from "../parts/time.tsx";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";
import { Happened } from "./parts/happened.tsx";
import { RequestCard, type WaitingFacts } from "./parts/request-card.tsx";

/** A thing as lists show it. */
export interface ThingFacts {
  readonly id: string;
  /** Null: its app gave it none. */
  readonly name: string | null;
  /** The app that hosts it. */
  readonly app: string | null;
}

/** Something that happened. */
export interface NewsFacts {
  /** Epoch seconds, of the last time. */
  readonly at: number;
  readonly sentence: string;
  /** Through which app, or by whom. */
  readonly origin: string;
}

export interface HomePageProps {
  readonly frame: ConsoleFrame;
  readonly waiting: readonly WaitingFacts[];
  readonly isAllThatWaits: boolean;
  /** Epoch seconds; null: this is the first time. */
  readonly lastHereAt: number | null;
  readonly news: readonly NewsFacts[];
  readonly hasMoreNews: boolean;
  readonly things: readonly ThingFacts[];
  readonly hasMoreThings: boolean;
}

/** Where whoever acts for an owner begins: what waits, what happened since, and the things. */
export function HomePage(props: HomePageProps) {
  const { frame, waiting, isAllThatWaits } = props;
  const words = frame.words.requests;
  const title = isAllThatWaits ? words.waiting(waiting.length) : words.someWait;
  return (
    <ConsoleLayout frame={frame} place="home" title={title} isLive>
      <h1>{title}</h1>
      <ul class="rows">
        {waiting.map((request) => (
          <RequestCard frame={frame} request={request} />
        ))}
      </ul>
      {!isAllThatWaits && <Onward href={`${frame.console}/requests`}>{frame.words.home.moreRequests}</Onward>}
      <News {...props} />
      <Things {...props} />
    </ConsoleLayout>
  );
}

/** Whoever comes for the first time has nothing to compare with, and is told no news. */
function News({ frame, lastHereAt, news, hasMoreNews }: HomePageProps) {
  const words = frame.words.home;
  if (lastHereAt === null) return null;
  return (
    <section>
      <h2>
        {words.news} <Time frame={frame} at={lastHereAt} form="moment" />
      </h2>
      {news.length === 0 ? (
        <Empty>{words.noNews}</Empty>
      ) : (
        <ul class="rows">
          {news.map(({ at, sentence, origin }) => (
            <Happened frame={frame} sentence={sentence} at={at} form="moment" origin={origin} />
          ))}
        </ul>
      )}
      {hasMoreNews && <Onward href={`${frame.console}/activity`}>{words.moreNews}</Onward>}
    </section>
  );
}

function Things({ frame, things, hasMoreThings }: HomePageProps) {
  const words = frame.words.home;
  return (
    <section>
      <h2>{frame.owner.name === null ? words.things : <Said text={words.thingsOf(frame.owner.name)} />}</h2>
      {things.length === 0 && <Empty>{words.empty}</Empty>}
      <ul class="rows links">
        {things.map(({ id, name, app }) => (
          <li>
            <a class="row" href={`${frame.console}/things/${encodeURIComponent(id)}`}>
              <span class="about">
                <strong>
                  <bdi>{name ?? words.nameless}</bdi>
                </strong>
                {app !== null && (
                  <span class="quiet">
                    <bdi>{app}</bdi>
                  </span>
                )}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {hasMoreThings && <Onward href={`${frame.console}/things`}>{words.moreThings}</Onward>}
      {frame.owner.name === null && <Onward href={`${frame.base}/account/shared`}>{words.shared}</Onward>}
    </section>
  );
}

function Onward({ href, children }: { readonly href: string; readonly children: Child }) {
  return (
    <p>
      <a href={href}>{children}</a>
    </p>
  );
}
