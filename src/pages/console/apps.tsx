import type { AppAbility } from "../parts/abilities.ts";
import { Form } from "../parts/form.tsx";
import { App, type AppFacts } from "../parts/identity.tsx";
import { More } from "../parts/more.tsx";
import { Notice } from "../parts/notice.tsx";
import { RowButton } from "../parts/row-button.tsx";
import { Empty, Row, Rows } from "../parts/rows.tsx";
import { Said } from "../parts/said.tsx";
import { Time } from "../parts/time.tsx";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";

export interface ConnectedApp {
  /** Of the client. */
  readonly id: string;
  readonly app: AppFacts;
  readonly abilities: readonly AppAbility[];
  /** Epoch seconds; null: before anybody noted when. */
  readonly connectedAt: number | null;
  /** How many things it keeps for the owner. */
  readonly things: number;
}

export interface AppsPageProps {
  readonly frame: ConsoleFrame;
  readonly apps: readonly ConnectedApp[];
  /** How many there are, beside those of this page. */
  readonly total: number;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
  /** The app that was ended just now. */
  readonly ended: string | null;
}

/** Which apps act for an owner, what each keeps, may do and did, and the end of it in one step. */
export function AppsPage({ frame, apps, total, next, ended }: AppsPageProps) {
  const words = frame.words.connectedApps;
  const { name } = frame.owner;
  const title = name === null ? words.title(total) : words.titleFor(name, total);
  return (
    <ConsoleLayout frame={frame} place="apps" title={title}>
      {ended !== null && (
        <Notice kind="good">
          <p>
            <Said text={words.ended(ended)} />
          </p>
        </Notice>
      )}
      <h1>
        <Said text={title} />
      </h1>
      {apps.length === 0 ? <Empty>{words.empty}</Empty> : <p class="lead">{words.lead}</p>}
      <Rows>
        {apps.map((connected) => (
          <ConnectedRow frame={frame} connected={connected} />
        ))}
      </Rows>
      <More frame={frame} next={next} />
    </ConsoleLayout>
  );
}

function ConnectedRow({ frame, connected }: { readonly frame: ConsoleFrame; readonly connected: ConnectedApp }) {
  const { id, app, abilities, connectedAt, things } = connected;
  const words = frame.words.connectedApps;
  const linkTo = (page: string, query: Readonly<Record<string, string>>) =>
    `${frame.console}/${page}?${new URLSearchParams(query)}`;
  return (
    <Row
      action={
        <Form frame={frame} action={`${frame.console.slice(frame.base.length)}/apps/end`} hidden={{ client: id }}>
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
      {connectedAt !== null && (
        <p class="quiet">
          {words.since} <Time frame={frame} at={connectedAt} />
        </p>
      )}
      <ul class="sentences plain">
        {things > 0 && (
          <li>
            <a href={linkTo("things", { app: id })}>{words.keeps(things)}</a>
          </li>
        )}
        <li>
          <a href={linkTo("activity", { q: app.name })}>
            <Said text={words.did(app.name)} />
          </a>
        </li>
      </ul>
    </Row>
  );
}
