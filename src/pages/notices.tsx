import { AccountLayout } from "./account-layout.tsx";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button, LinkButton } from "./parts/button.tsx";
import { Checkbox } from "./parts/choice.tsx";
import { Form } from "./parts/form.tsx";
import { Notice } from "./parts/notice.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

type Kind = keyof Words["notices"]["kinds"];

/** In the order of how soon somebody wants to know. */
const KINDS: readonly Kind[] = ["request_waiting", "first_access", "request_decided", "shared", "week"];

export interface NoticesPageProps {
  readonly frame: Frame;
  /** Where letters go; null: the account has no address. */
  readonly address: string | null;
  /** Whether this server sends any. */
  readonly isPosted: boolean;
  readonly wanted: Readonly<Record<Kind, boolean>>;
  readonly isSaved: boolean;
}

/** Which letters somebody gets. */
export function NoticesPage({ frame, address, isPosted, wanted, isSaved }: NoticesPageProps) {
  const words = frame.words.notices;
  const kinds = isPosted && address !== null ? KINDS.filter((kind) => wanted[kind]).length : 0;
  const title = words.title(kinds);
  return (
    <AccountLayout frame={frame} place="notices" title={title}>
      {isSaved && (
        <Notice kind="good">
          <p>{words.saved}</p>
        </Notice>
      )}
      <h1>{title}</h1>
      {isPosted ? <Whereto frame={frame} address={address} /> : <p class="lead">{words.noLetters}</p>}
      <Form frame={frame} action="/account/notices" hidden={{}}>
        {KINDS.map((kind) => (
          <Checkbox frame={frame} name={kind} {...words.kinds[kind]} isChecked={wanted[kind]} />
        ))}
        <div class="buttons">
          <Button kind="main">{words.save}</Button>
        </div>
      </Form>
    </AccountLayout>
  );
}

function Whereto({ frame, address }: Pick<NoticesPageProps, "frame" | "address">) {
  const words = frame.words.notices;
  if (address !== null) {
    return (
      <p class="lead">
        <Said text={words.lead(address)} />
      </p>
    );
  }
  return (
    <p class="lead">
      {words.noAddress} <a href={`${frame.base}/account/security`}>{words.addAddress}</a>
    </p>
  );
}

export interface StopPageProps {
  readonly frame: Frame;
  readonly kind: Kind;
  /** The link, sealed. */
  readonly sealed: string;
}

/** Asks once more, because programs open links that they find in letters. */
export function StopPage({ frame, kind, sealed }: StopPageProps) {
  const words = frame.words.notices.stop;
  return (
    <Layout frame={frame} title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead[kind]}</p>
      <p>{words.rest}</p>
      <Form frame={frame} action="/notices/stop" hidden={{ t: sealed }}>
        <div class="buttons">
          <Button kind="main">{words.go}</Button>
          <LinkButton href={`${frame.base}/account/notices`}>{words.keep}</LinkButton>
        </div>
      </Form>
    </Layout>
  );
}

export function StoppedPage({ frame }: { readonly frame: Frame }) {
  const words = frame.words.notices.stop;
  return (
    <Layout frame={frame} title={words.doneTitle}>
      <h1>{words.doneTitle}</h1>
      <p class="lead">{words.done}</p>
      <p>
        <a href={`${frame.base}/account/notices`}>{words.keep}</a>
      </p>
    </Layout>
  );
}
