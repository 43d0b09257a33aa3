import { AccountLayout } from "./account-layout.tsx";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button, LinkButton } from "./parts/button.tsx";
import { Checkbox } from "./parts/choice.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Form } from "./parts/form.tsx";
import { Row, Rows } from "./parts/rows.tsx";
import { Said } from "./parts/said.tsx";
import { Time } from "./parts/time.tsx";

const HERE = "/account/data";

/** Taking along what is kept about somebody, and the way to deleting it. */
export function AccountDataPage({ frame }: { readonly frame: Frame }) {
  const { title, download, removal } = frame.words.data;
  return (
    <AccountLayout frame={frame} place="data" title={title}>
      <h1>{title}</h1>
      <section>
        <h2>{download.heading}</h2>
        <p>{download.text}</p>
        <LinkButton href={`${frame.base}${HERE}/download`}>{download.go}</LinkButton>
      </section>
      <section>
        <h2>{removal.heading}</h2>
        <p>{removal.text}</p>
        <LinkButton href={`${frame.base}${HERE}/delete`}>{removal.go}</LinkButton>
      </section>
    </AccountLayout>
  );
}

export interface DeletionPageProps {
  readonly frame: Frame;
  /** How many act for the person. */
  readonly apps: number;
  /** Names of the owners that the person acts for, beside their own. */
  readonly organisations: readonly string[];
  /** Whether the form came back because it was not said that this is meant. */
  readonly isUnsure: boolean;
}

/** What follows from deleting an account, and the question whether that is meant. */
export function DeletionPage({ frame, apps, organisations, isUnsure }: DeletionPageProps) {
  const words = frame.words.data.deletion;
  const error = isUnsure ? words.unsure : undefined;
  const consequences = [
    words.shares,
    words.apps(apps),
    words.signIn,
    ...(organisations.length === 0 ? [] : [words.organisations(organisations)]),
    words.others,
    words.copies,
  ];
  return (
    <Layout frame={frame} title={words.title}>
      <ErrorSummary frame={frame} errors={{ sure: error }} />
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <h2>{words.follows}</h2>
      <ul>
        {consequences.map((consequence) => (
          <li>
            <Said text={consequence} />
          </li>
        ))}
      </ul>
      <p>
        <a href={`${frame.base}${HERE}/download`}>{words.download}</a>
      </p>
      <Form frame={frame} action={`${HERE}/delete`}>
        <Checkbox frame={frame} name="sure" label={words.sure} error={error} />
        <div class="buttons">
          <Button kind="danger">{words.go}</Button>
          <LinkButton href={frame.base + HERE}>{words.keep}</LinkButton>
        </div>
      </Form>
    </Layout>
  );
}

export interface ChargesPageProps {
  readonly frame: Frame;
  /** Organisations that nobody else decides for. */
  readonly charges: readonly { readonly ownerId: string; readonly name: string }[];
}

/** What has to be handed over before an account can be deleted. */
export function ChargesPage({ frame, charges }: ChargesPageProps) {
  const words = frame.words.data.charges;
  const title = words.title(charges.length);
  return (
    <Layout frame={frame} title={title}>
      <h1>{title}</h1>
      <p class="lead">{words.lead}</p>
      <Rows>
        {charges.map(({ ownerId, name }) => (
          <Row
            action={
              <a href={`${frame.base}/account/administrators?owner=${encodeURIComponent(ownerId)}`}>
                {words.invite}
                <span class="hidden"> {name}</span>
              </a>
            }
          >
            <strong>
              <bdi>{name}</bdi>
            </strong>
          </Row>
        ))}
      </Rows>
      <LinkButton href={frame.base + HERE}>{words.back}</LinkButton>
    </Layout>
  );
}

export interface DeletedPageProps {
  readonly frame: Frame;
  readonly ownerId: string;
  /** Since when what was known of the person is gone, epoch seconds; null: not yet. */
  readonly closedAt: number | null;
  /** The same of what they owned. */
  readonly erasedAt: number | null;
}

/** That an account is deleted, and how far what follows has come. */
export function DeletedPage({ frame, ownerId, closedAt, erasedAt }: DeletedPageProps) {
  const words = frame.words.data.deleted;
  return (
    <Layout frame={frame} title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <ul class="sentences">
        <Step frame={frame} done={words.known} waiting={words.knownSoon} at={closedAt} />
        <Step frame={frame} done={words.rest} waiting={words.restSoon} at={erasedAt} />
      </ul>
      {erasedAt === null && (
        <LinkButton href={`${frame.base}${HERE}/deleted?owner=${encodeURIComponent(ownerId)}`}>
          {words.again}
        </LinkButton>
      )}
    </Layout>
  );
}

interface StepProps {
  readonly frame: Frame;
  readonly done: string;
  readonly waiting: string;
  readonly at: number | null;
}

function Step({ frame, done, waiting, at }: StepProps) {
  if (at === null) return <li>{waiting}</li>;
  return (
    <li>
      {done} <Time frame={frame} at={at} form="moment" />
    </li>
  );
}
