import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button, LinkButton } from "./parts/button.tsx";
import { withContinuation } from "./parts/continuation.ts";
import { Form } from "./parts/form.tsx";
import { Notice } from "./parts/notice.tsx";
import { Passkey, WithoutScript } from "./parts/passkey.tsx";
import { type ProviderFacts, Providers } from "./parts/providers.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

export interface SignInPageProps {
  readonly frame: Frame;
  /** Sealed; null: to the account. */
  readonly continuation: string | null;
  /** Who sent the person here; null: nobody did. */
  readonly app: string | null;
  /** What the app sent the person for, which they can call off; sealed. Null: nothing that ends here. */
  readonly visit: string | null;
  /** Whether somebody who is signed in has to show once more who they are. */
  readonly isAgain: boolean;
  readonly providers: readonly ProviderFacts[];
  /** Whether codes can be sent by e-mail at all. */
  readonly sendsMail: boolean;
  /** Whether a verified address is all that is asked for, so that nobody is talked into more. */
  readonly addressSuffices: boolean;
  /** What went wrong, or happened, before. */
  readonly notice: keyof Words["signIn"]["problems"] | null;
}

/** One button for a passkey, the other ways below, and what to do when none works. */
export function SignInPage(props: SignInPageProps) {
  const { frame, continuation, isAgain, notice, addressSuffices, sendsMail } = props;
  const words = frame.words.signIn;
  const title = titleOf(props);
  const emailFirst = addressSuffices && sendsMail;
  return (
    <Layout frame={frame} title={title} scripts={["webauthn", "passkey"]}>
      {notice !== null && (
        <Notice kind="good">
          <p>{words.problems[notice]}</p>
        </Notice>
      )}
      <h1>
        <Said text={title} />
      </h1>
      <p class="lead">
        <Said text={leadOf(props)} />
      </p>
      {emailFirst && <EmailCode frame={frame} continuation={continuation} isMain />}
      <Form frame={frame} action="/sign-in">
        <Passkey
          frame={frame}
          does="use"
          options="/sign-in/passkey/options"
          verify={withContinuation("/sign-in/passkey", continuation)}
          label={words.passkey}
          hint={words.passkeyHint}
          kind={emailFirst ? "other" : "main"}
          isWide
        />
      </Form>
      <WithoutScript text={words.noScript} />
      <section class="ways" aria-labelledby="others">
        <h2 id="others">{words.others}</h2>
        <Providers frame={frame} providers={props.providers} continuation={continuation} label={words.provider} />
        {sendsMail && !emailFirst && <EmailCode frame={frame} continuation={continuation} />}
        <LinkButton href={frame.base + withContinuation("/sign-in/recovery", continuation)}>
          {words.recovery}
        </LinkButton>
      </section>
      {!isAgain && (
        <p>
          {words.signUpQuestion} <a href={frame.base + withContinuation("/sign-up", continuation)}>{words.signUp}</a>
        </p>
      )}
      {props.app !== null && props.visit !== null && (
        <Form frame={frame} action="/claims/interaction" hidden={{ at: props.visit, decision: "cancel" }}>
          <Button kind="aside">
            <Said text={words.cancel(props.app)} />
          </Button>
        </Form>
      )}
      <details>
        <summary>{words.help}</summary>
        {words.helpText.map((text) => (
          <p>{text}</p>
        ))}
      </details>
    </Layout>
  );
}

interface EmailCodeProps {
  readonly frame: Frame;
  readonly continuation: string | null;
  readonly isMain?: boolean;
}

function EmailCode({ frame, continuation, isMain = false }: EmailCodeProps) {
  return (
    <LinkButton
      href={frame.base + withContinuation("/sign-in/email", continuation)}
      kind={isMain ? "main" : "other"}
      isWide
    >
      {frame.words.signIn.email}
    </LinkButton>
  );
}

function titleOf({ frame, app, isAgain }: SignInPageProps): string {
  const words = frame.words.signIn;
  if (isAgain) return words.titleAgain;
  return app === null ? words.title : words.titleFor(app);
}

function leadOf({ frame, app, isAgain }: SignInPageProps): string {
  const words = frame.words.signIn;
  if (isAgain) return words.leadAgain;
  return app === null ? words.lead : words.leadFor(app);
}
