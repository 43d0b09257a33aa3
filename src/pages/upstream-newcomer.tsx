import { MAX_PERSON_NAME_CHARACTERS } from "../shared/limits.ts";
import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { Button, LinkButton } from "./parts/button.tsx";
import { withContinuation } from "./parts/continuation.ts";
import { Field } from "./parts/field.tsx";
import { Form } from "./parts/form.tsx";
import type { ProviderFacts } from "./parts/providers.tsx";
import { Said } from "./parts/said.tsx";

interface UpstreamNewcomerPageProps {
  readonly frame: Frame;
  readonly provider: ProviderFacts;
  /** What the provider calls the person; empty: it did not say, or may not. */
  readonly name: string;
  /** Sealed: who signed in there. */
  readonly offer: string;
  readonly continuation: string | null;
}

/** Somebody signed in at a provider and has no account here: asks before it makes one, as they may have another. */
export function UpstreamNewcomerPage({ frame, provider, name, offer, continuation }: UpstreamNewcomerPageProps) {
  const words = frame.words.upstream.newcomer;
  return (
    <Layout frame={frame} title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">
        <Said text={words.lead(provider.name)} />
      </p>
      <Form frame={frame} action={`/sign-up/with/${encodeURIComponent(provider.id)}`} hidden={{ offer }}>
        <Field
          frame={frame}
          name="name"
          label={frame.words.signUp.name}
          hint={frame.words.signUp.nameHint}
          value={name}
          autocomplete="name"
          maxLength={MAX_PERSON_NAME_CHARACTERS}
        />
        <Button kind="main">{words.go}</Button>
      </Form>
      <section class="ways" aria-labelledby="other">
        <h2 id="other">{words.other}</h2>
        <p>
          <Said text={words.otherText(provider.name)} />
        </p>
        <LinkButton href={frame.base + withContinuation("/sign-in", continuation)}>{words.otherWay}</LinkButton>
      </section>
    </Layout>
  );
}
