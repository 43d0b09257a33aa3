import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button } from "./parts/button.tsx";
import { withContinuation } from "./parts/continuation.ts";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import type { Words } from "./words/en.ts";

export interface SignInRecoveryPageProps {
  readonly frame: Frame;
  readonly continuation: string | null;
  readonly error: keyof Words["signInRecovery"]["errors"] | null;
}

/** The way in when everything else is lost. */
export function SignInRecoveryPage({ frame, continuation, error }: SignInRecoveryPageProps) {
  const words = frame.words.signInRecovery;
  const wrong = error === null ? undefined : words.errors[error];
  return (
    <Layout frame={frame} title={words.title}>
      <ErrorSummary frame={frame} errors={{ code: wrong }} />
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Form frame={frame} action="/sign-in/recovery" hidden={{ continue: continuation }}>
        <Field
          frame={frame}
          name="code"
          label={words.code}
          hint={words.codeHint}
          error={wrong}
          maxLength={CODE_CHARACTERS}
          isCode
          isRequired
        />
        <Button kind="main">{words.go}</Button>
      </Form>
      <p>
        <a href={frame.base + withContinuation("/sign-in", continuation)}>{words.otherWay}</a>
      </p>
    </Layout>
  );
}

/** A code, and room for blanks and dashes. */
const CODE_CHARACTERS = 64;
