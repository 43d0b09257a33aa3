import { AccountLayout } from "./account-layout.tsx";
import type { Frame } from "./frame.ts";
import { LinkButton } from "./parts/button.tsx";
import { More } from "./parts/more.tsx";
import { Empty, Row, Rows } from "./parts/rows.tsx";
import { Said } from "./parts/said.tsx";
import { Time } from "./parts/time.tsx";

/** A thing of somebody else's that the reader can open. */
export interface SharedThing {
  /** Null: its app gave it none. */
  readonly name: string | null;
  /** What can be done with it, in words; null: everything. */
  readonly acts: string | null;
  /** Whether the owner, or the reader, has to agree first. */
  readonly isAsked: boolean;
  /** Whose it is; null: they gave no name. */
  readonly owner: string | null;
  /** Epoch seconds; null: no end of its own. */
  readonly until: number | null;
  /** What opens it; null: not known. */
  readonly app: { readonly name: string; readonly uri: string | null } | null;
  /** Whether its owner shares more by the same word than is shown. */
  readonly hasMore: boolean;
}

export interface SharedWithMePageProps {
  readonly frame: Frame;
  readonly things: readonly SharedThing[];
  /** Whether this is the first page of the list. */
  readonly isFirst: boolean;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
}

/** What others share with the reader, and the way into it. */
export function SharedWithMePage({ frame, things, isFirst, next }: SharedWithMePageProps) {
  const words = frame.words.sharedWithMe;
  const isNothing = things.length === 0 && isFirst && next === null;
  const title = isNothing ? words.noneTitle : words.title;
  return (
    <AccountLayout frame={frame} place="shared" title={title}>
      <h1>{title}</h1>
      {things.length === 0 && <Empty>{isNothing ? words.none : words.nothingHere}</Empty>}
      <Rows>
        {things.map((thing) => (
          <ThingRow frame={frame} thing={thing} />
        ))}
      </Rows>
      <More frame={frame} next={next} />
    </AccountLayout>
  );
}

function ThingRow({ frame, thing }: { readonly frame: Frame; readonly thing: SharedThing }) {
  const words = frame.words.sharedWithMe;
  const { name, acts, isAsked, owner, until, app, hasMore } = thing;
  const way = app?.uri ? <LinkButton href={app.uri}>{words.open(app.name)}</LinkButton> : undefined;
  return (
    <Row action={way}>
      <strong>
        <bdi>{name ?? words.nameless}</bdi>
      </strong>
      <p>
        <Said text={acts === null ? words.canAll : words.can(acts)} />
        {isAsked && ` ${words.asked}`}
      </p>
      <p class="quiet">
        <Said text={owner === null ? words.fromSomebody : words.from(owner)} />
        {until !== null && (
          <>
            {`, ${words.until} `}
            <Time frame={frame} at={until} />
          </>
        )}
        {app !== null && way === undefined && (
          <>
            {" · "}
            <Said text={words.by(app.name)} />
          </>
        )}
      </p>
      {hasMore && (
        <p class="quiet">
          <Said text={owner === null ? words.moreOfSomebody : words.more(owner)} />
        </p>
      )}
    </Row>
  );
}
