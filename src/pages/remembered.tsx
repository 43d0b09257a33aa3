import { AccountLayout } from "./account-layout.tsx";
import { type Fact, factInWords } from "./facts.ts";
import type { Frame } from "./frame.ts";
import type { AppLearns } from "./parts/abilities.ts";
import { Form } from "./parts/form.tsx";
import { App, type AppFacts } from "./parts/identity.tsx";
import { LastUsed } from "./parts/last-used.tsx";
import { More } from "./parts/more.tsx";
import { Notice } from "./parts/notice.tsx";
import { RowButton } from "./parts/row-button.tsx";
import { Empty, Row, Rows } from "./parts/rows.tsx";
import { Said } from "./parts/said.tsx";
import { Time } from "./parts/time.tsx";

/** What is remembered for one app. Times are epoch seconds. */
export interface Memory {
  readonly id: string;
  readonly app: AppFacts;
  readonly facts: readonly Fact[];
  readonly since: number;
  /** Null: not used yet. */
  readonly lastUsedAt: number | null;
  readonly until: number;
}

/** An app that learns who somebody is when they sign in there. Times are epoch seconds. */
export interface KnownApp {
  readonly id: string;
  readonly app: AppFacts;
  readonly learns: readonly AppLearns[];
  readonly since: number;
}

export interface RememberedPageProps {
  readonly frame: Frame;
  readonly memories: readonly Memory[];
  readonly total: number;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
  /** The app for which something was forgotten just now. */
  readonly forgotten: string | null;
  readonly signIns: readonly KnownApp[];
  /** The app that learns nothing more since just now. */
  readonly takenBack: string | null;
}

/**
 * What is remembered about somebody, for which app, and how to have it forgotten; and which apps learn who they are when
 * they sign in there.
 */
export function RememberedPage(props: RememberedPageProps) {
  const { frame, total, forgotten, signIns, takenBack } = props;
  const words = frame.words.remembered;
  // What somebody comes here to take back is told first, and not that there is nothing else.
  const isSignInsAlone = total === 0 && signIns.length > 0;
  const title = isSignInsAlone ? words.titleSignIns(signIns.length) : words.title(total);
  return (
    <AccountLayout frame={frame} place="remembered" title={title}>
      {forgotten !== null && (
        <Notice kind="good">
          <p>
            <Said text={words.forgotten(forgotten)} />
          </p>
        </Notice>
      )}
      {takenBack !== null && (
        <Notice kind="good">
          <p>
            <Said text={words.takenBack(takenBack)} />
          </p>
        </Notice>
      )}
      <h1>{title}</h1>
      {isSignInsAlone ? <KnownApps {...props} /> : <Memories {...props} />}
      {!isSignInsAlone && signIns.length > 0 && (
        <section aria-labelledby="sign-ins">
          <h2 id="sign-ins">{words.signIns}</h2>
          <KnownApps {...props} />
        </section>
      )}
    </AccountLayout>
  );
}

function Memories({ frame, memories, next }: RememberedPageProps) {
  const words = frame.words.remembered;
  return (
    <>
      {memories.length === 0 ? <Empty>{words.empty}</Empty> : <p class="lead">{words.lead}</p>}
      <Rows>
        {memories.map((memory) => (
          <MemoryRow frame={frame} memory={memory} />
        ))}
      </Rows>
      <More frame={frame} next={next} />
    </>
  );
}

function KnownApps({ frame, signIns }: RememberedPageProps) {
  return (
    <Rows>
      {signIns.map((known) => (
        <KnownAppRow frame={frame} known={known} />
      ))}
    </Rows>
  );
}

function KnownAppRow({ frame, known }: { readonly frame: Frame; readonly known: KnownApp }) {
  const words = frame.words.remembered;
  return (
    <Row
      action={
        <Form frame={frame} action="/account/remembered/take-back" hidden={{ id: known.id }}>
          <RowButton about={known.app.name}>{words.takeBack}</RowButton>
        </Form>
      }
    >
      <App frame={frame} app={known.app} />
      <ul class="sentences plain">
        {known.learns.map((fact) => (
          <li>{frame.words.consent.facts[fact]}</li>
        ))}
      </ul>
      <p class="quiet">
        {words.since} <Time frame={frame} at={known.since} />
      </p>
    </Row>
  );
}

function MemoryRow({ frame, memory }: { readonly frame: Frame; readonly memory: Memory }) {
  const words = frame.words.remembered;
  return (
    <Row
      action={
        <Form frame={frame} action="/account/remembered/forget" hidden={{ id: memory.id }}>
          <RowButton about={memory.app.name}>{words.forget}</RowButton>
        </Form>
      }
    >
      <App frame={frame} app={memory.app} />
      <ul class="sentences plain">
        {memory.facts.map((fact) => (
          <li>
            <Said text={factInWords(frame.words, fact)} />
          </li>
        ))}
      </ul>
      <p class="quiet">
        {words.since} <Time frame={frame} at={memory.since} />
        {`, ${words.until} `}
        <Time frame={frame} at={memory.until} />
        <LastUsed frame={frame} at={memory.lastUsedAt} />
      </p>
    </Row>
  );
}
