import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button, LinkButton } from "./parts/button.tsx";
import { ErrorSummary } from "./parts/error-summary.tsx";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import { Notice } from "./parts/notice.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

export interface CodePageProps {
  readonly frame: Frame;
  readonly address: string;
  /** Path below the issuer that takes `code` and the hidden fields. */
  readonly action: string;
  /** Path below the issuer that sends another one; takes `address` and the hidden fields. */
  readonly again: string;
  /** Path below the issuer, with its query, where another address can be typed in. */
  readonly otherAddress: string;
  /** What the code was sent for, sealed, and where to go on to. */
  readonly hidden: Readonly<Record<string, string | null>>;
  readonly error: keyof Words["signInCode"]["errors"] | null;
  /** Minutes until another one may be sent, to whoever asked too soon; null: nobody did. */
  readonly wait: number | null;
}

/** The code that was sent; it never says whether the address is known here. */
export function CodePage({ frame, address, action, again, otherAddress, hidden, error, wait }: CodePageProps) {
  const words = frame.words.signInCode;
  const wrong = error === null ? undefined : words.errors[error];
  return (
    <Layout frame={frame} title={words.title}>
      <ErrorSummary frame={frame} errors={{ code: wrong }} />
      {wait !== null && (
        <Notice kind="quiet">
          <p>{words.wait(wait)}</p>
        </Notice>
      )}
      <h1>{words.title}</h1>
      <p class="lead">
        <Said text={words.lead(address)} />
      </p>
      <Form frame={frame} action={action} hidden={hidden}>
        <Field
          frame={frame}
          name="code"
          label={words.code}
          hint={words.codeHint}
          error={wrong}
          autocomplete="one-time-code"
          inputMode="numeric"
          maxLength={CODE_CHARACTERS}
          isCode
          isRequired
        />
        <Button kind="main">{words.go}</Button>
      </Form>
      <p>{words.spam}</p>
      <div class="buttons">
        <Form frame={frame} action={again} hidden={{ ...hidden, address }}>
          <Button>{words.again}</Button>
        </Form>
        <LinkButton href={frame.base + otherAddress} kind="aside">
          {words.otherAddress}
        </LinkButton>
      </div>
    </Layout>
  );
}

/** Eight digits, and room for how people write them in groups. */
const CODE_CHARACTERS = 16;
