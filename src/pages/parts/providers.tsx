import type { Frame } from "../frame.ts";
import { Button } from "./button.tsx";
import { Form } from "./form.tsx";
import { Said } from "./said.tsx";

/** Somewhere else where people sign in, as the operator called it. */
export interface ProviderFacts {
  readonly id: string;
  readonly name: string;
}

interface ProvidersProps {
  readonly frame: Frame;
  readonly providers: readonly ProviderFacts[];
  /** The sealed continuation; null: none. */
  readonly continuation: string | null;
  /** What a button says. */
  readonly label: (name: string) => string;
}

/** A button for each; it posts, so that nobody is signed in somewhere by a link (RFC 9700 §4.7). */
export function Providers({ frame, providers, continuation, label }: ProvidersProps) {
  return (
    <>
      {providers.map(({ id, name }) => (
        <Form frame={frame} action={`/sign-in/with/${encodeURIComponent(id)}`} hidden={{ continue: continuation }}>
          <Button isWide>
            <Said text={label(name)} />
          </Button>
        </Form>
      ))}
    </>
  );
}
