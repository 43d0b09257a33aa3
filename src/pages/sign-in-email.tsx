import { MAX_EMAIL_CHARACTERS } from "../shared/limits.ts";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button } from "./parts/button.tsx";
import { withContinuation } from "./parts/continuation.ts";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import { Notice } from "./parts/notice.tsx";
import { Passkey } from "./parts/passkey.tsx";
import type { Words } from "./words/en.ts";

export interface SignInEmailPageProps {
  readonly frame: Frame;
  readonly continuation: string | null;
  /** To begin with: what was typed in before, or whom the app expects. */
  readonly address: string;
  readonly error: keyof Words["signInEmail"]["errors"] | null;
  /** Minutes until a code may be sent, to whoever asked too often; null: nobody did. */
  readonly wait: number | null;
}

/** Where to send a code. */
export function SignInEmailPage({ frame, continuation, address, error, wait }: SignInEmailPageProps) {
  const words = frame.words.signInEmail;
  const wrong = error === null ? undefined : words.errors[error];
  return (
    <Layout frame={frame} title={words.title} scripts={["webauthn", "passkey"]}>
      <ErrorSummary frame={frame} errors={{ address: wrong }} />
      {wait !== null && (
        <Notice kind="quiet">
          <p>{words.wait(wait)}</p>
        </Notice>
      )}
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Form frame={frame} action="/sign-in/email" hidden={{ continue: continuation }}>
        <Field
          frame={frame}
          name="address"
          label={words.address}
          error={wrong}
          value={address}
          type="email"
          autocomplete="email webauthn"
          inputMode="email"
          maxLength={MAX_EMAIL_CHARACTERS}
          isRequired
        />
        <Passkey
          frame={frame}
          does="autofill"
          options="/sign-in/passkey/options"
          verify={withContinuation("/sign-in/passkey", continuation)}
          label={frame.words.signIn.passkey}
        />
        <Button kind="main">{words.send}</Button>
      </Form>
      <p>
        <a href={frame.base + withContinuation("/sign-in", continuation)}>{words.otherWay}</a>
      </p>
    </Layout>
  );
}
