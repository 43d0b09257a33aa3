import { MAX_PERSON_NAME_CHARACTERS } from "../shared/limits.ts";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button, LinkButton } from "./parts/button.tsx";
import { withContinuation } from "./parts/continuation.ts";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import { Notice } from "./parts/notice.tsx";
import { Passkey, WithoutScript } from "./parts/passkey.tsx";
import { type ProviderFacts, Providers } from "./parts/providers.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

export interface SignUpPageProps {
  readonly frame: Frame;
  readonly continuation: string | null;
  /** Who sent the person here; null: nobody did. */
  readonly app: string | null;
  /** What was filled in before. */
  readonly name: string;
  /** An address that a code has just proved, and the sealed statement of it: the account may begin without a passkey. */
  readonly proven: { readonly address: string; readonly at: string } | null;
  /** Whether an address is all that is asked for, so that nobody is talked into a passkey. */
  readonly addressSuffices: boolean;
  readonly providers: readonly ProviderFacts[];
  readonly sendsMail: boolean;
  readonly error: keyof Words["signUp"]["errors"] | null;
}

/** Name, and a passkey; nothing else is asked. */
export function SignUpPage(props: SignUpPageProps) {
  const { frame, continuation, app, proven, error } = props;
  const words = frame.words.signUp;
  const title = app === null ? words.title : words.titleFor(app);
  const wrong = error === null ? undefined : words.errors[error];
  return (
    <Layout frame={frame} title={title} scripts={["webauthn", "passkey"]}>
      <ErrorSummary frame={frame} errors={{ name: wrong }} />
      <h1>
        <Said text={title} />
      </h1>
      <p class="lead">{proven === null ? words.lead : words.leadProven}</p>
      {proven !== null && (
        <Notice kind="good">
          <p>
            <Said text={words.verified(proven.address)} />
          </p>
        </Notice>
      )}
      <Form frame={frame} action="/sign-up" hidden={{ continue: continuation, at: proven?.at ?? null }}>
        <Field
          frame={frame}
          name="name"
          label={words.name}
          hint={words.nameHint}
          error={wrong}
          value={props.name}
          autocomplete="name"
          maxLength={MAX_PERSON_NAME_CHARACTERS}
        />
        <Ways {...props} />
      </Form>
      {proven === null && <OtherWays {...props} />}
      <p>
        {words.signInQuestion} <a href={frame.base + withContinuation("/sign-in", continuation)}>{words.signIn}</a>
      </p>
    </Layout>
  );
}

/** How the account begins: with a passkey, unless an address was proved and is enough. */
function Ways({ frame, continuation, proven, addressSuffices }: SignUpPageProps) {
  const words = frame.words.signUp;
  const isOffered = proven !== null && addressSuffices;
  const passkey = (
    <Passkey
      frame={frame}
      does="create"
      options="/sign-up/passkey/options"
      verify={withContinuation("/sign-up/passkey", continuation)}
      label={words.passkey}
      {...(isOffered ? { kind: "other", hint: words.passkeyOffer } : {})}
      isWide
    />
  );
  if (proven === null) return passkey;
  return isOffered ? (
    <>
      <Button kind="main" isWide>
        {words.go}
      </Button>
      {passkey}
    </>
  ) : (
    <>
      {passkey}
      <Button isWide>{words.withoutPasskey}</Button>
    </>
  );
}

function OtherWays({ frame, continuation, providers, sendsMail }: SignUpPageProps) {
  const words = frame.words.signUp;
  if (providers.length === 0 && !sendsMail) return <WithoutScript text={words.noScriptAtAll} />;
  return (
    <>
      <WithoutScript text={words.noScript} />
      <section class="ways" aria-labelledby="others">
        <h2 id="others">{words.others}</h2>
        <Providers frame={frame} providers={providers} continuation={continuation} label={words.provider} />
        {sendsMail && (
          <LinkButton href={frame.base + withContinuation("/sign-in/email", continuation)} isWide>
            {words.email}
          </LinkButton>
        )}
      </section>
    </>
  );
}
