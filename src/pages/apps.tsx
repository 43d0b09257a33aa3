import { AccountLayout } from "./account-layout.tsx";
import type { Frame } from "./frame.ts";
import { Form } from "./parts/form.tsx";
import { App, type AppFacts } from "./parts/identity.tsx";
import { More } from "./parts/more.tsx";
import { Notice } from "./parts/notice.tsx";
import { RowButton } from "./parts/row-button.tsx";
import { Empty, Row, Rows } from "./parts/rows.tsx";
import { Said } from "./parts/said.tsx";
import { Time } from "./parts/time.tsx";

/** What an app asks for: to have what it keeps protected here, to manage with whom things are shared. */
export type AppAbility = "protect" | "share";

export interface ConnectedApp {
  /** Of the client. */
  readonly id: string;
  readonly app: AppFacts;
  readonly abilities: readonly AppAbility[];
  /** For whom it acts: null is the person's own. */
  readonly owner: { readonly id: string; readonly name: string } | null;
  /** Epoch seconds; null: before anybody noted when. */
  readonly connectedAt: number | null;
}

export interface AppsPageProps {
  readonly frame: Frame;
  readonly apps: readonly ConnectedApp[];
  /** How many there are, beside those of this page. */
  readonly total: number;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
  /** The app that was ended just now. */
  readonly ended: string | null;
}

/** Which apps act for somebody, what each may do, and the end of it in one step. */
export function AppsPage({ frame, apps, total, next, ended }: AppsPageProps) {
  const words = frame.words.connectedApps;
  const title = words.title(total);
  return (
    <AccountLayout frame={frame} place="apps" title={title}>
      {ended !== null && (
        <Notice kind="good">
          <p>
            <Said text={words.ended(ended)} />
          </p>
        </Notice>
      )}
      <h1>{title}</h1>
      {apps.length === 0 ? <Empty>{words.empty}</Empty> : <p class="lead">{words.lead}</p>}
      <Rows>
        {apps.map((connected) => (
          <ConnectedRow frame={frame} connected={connected} />
        ))}
      </Rows>
      <More frame={frame} next={next} />
    </AccountLayout>
  );
}

function ConnectedRow({ frame, connected }: { readonly frame: Frame; readonly connected: ConnectedApp }) {
  const { id, app, abilities, owner, connectedAt } = connected;
  const words = frame.words.connectedApps;
  return (
    <Row
      action={
        <Form frame={frame} action="/account/apps/end" hidden={{ client: id, owner: owner?.id ?? null }}>
          <RowButton about={app.name}>{words.end}</RowButton>
        </Form>
      }
    >
      <App frame={frame} app={app} />
      <ul class="sentences plain">
        {abilities.map((ability) => (
          <li>{words.can[ability]}</li>
        ))}
      </ul>
      <p class="quiet">
        {words.since} {connectedAt !== null && <Time frame={frame} at={connectedAt} />}
        {owner !== null && (
          <>
            {" "}
            <Said text={words.forOwner(owner.name)} />
          </>
        )}
      </p>
    </Row>
  );
}
