import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button, LinkButton } from "./parts/button.tsx";
import { Form } from "./parts/form.tsx";
import { Said } from "./parts/said.tsx";
import type { Words } from "./words/en.ts";

export interface ConfirmPageProps {
  readonly frame: Frame;
  readonly question: keyof Words["confirm"]["questions"];
  /** Path below the issuer that is posted to. */
  readonly action: string;
  readonly hidden: Readonly<Record<string, string | null>>;
  /** Path below the issuer to go back to. */
  readonly cancel: string;
  /** The app that the step leads back to, its host null for one on the person's device; null: it leads to none. */
  readonly returnsTo: { readonly host: string | null } | null;
}

/** Asks once more where a step cannot be taken back. */
export function ConfirmPage({ frame, question, action, hidden, cancel, returnsTo }: ConfirmPageProps) {
  const words = frame.words.confirm;
  const { title, text, go } = words.questions[question];
  return (
    <Layout frame={frame} title={title}>
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      <Form frame={frame} action={action} hidden={hidden}>
        {returnsTo !== null && (
          <p class="quiet">
            {returnsTo.host === null ? words.afterwardsApp : <Said text={words.afterwards(returnsTo.host)} />}
          </p>
        )}
        <div class="buttons">
          <Button kind="danger">{go}</Button>
          <LinkButton href={frame.base + cancel}>{words.cancel}</LinkButton>
        </div>
      </Form>
    </Layout>
  );
}
