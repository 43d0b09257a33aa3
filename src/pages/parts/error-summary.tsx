import type { Frame } from "../frame.ts";
import { Said } from "./said.tsx";

/** What is wrong with a form: the sentence for each field that has to be looked at again. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

interface ErrorSummaryProps {
  readonly frame: Frame;
  readonly errors: FieldErrors;
}

/** Stands above a form that came back, and leads to each field that has to be looked at again. */
export function ErrorSummary({ frame, errors }: ErrorSummaryProps) {
  const wrong = Object.entries(errors).filter(([, error]) => error !== undefined);
  if (wrong.length === 0) return null;
  return (
    <div class="notice danger" role="alert" aria-labelledby="errors" tabindex={-1}>
      <h2 id="errors">{frame.words.errors.summary}</h2>
      <ul>
        {wrong.map(([name, error]) => (
          <li>
            <a href={`#${name}`}>
              <Said text={error ?? ""} />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
