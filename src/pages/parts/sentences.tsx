import type { Child } from "hono/jsx";
import { Said } from "./said.tsx";

interface SentencesProps {
  readonly title: string;
  readonly sentences: readonly string[];
  /** `can`: with a tick; `cannot`: with a cross. The title says it too. */
  readonly kind?: "can" | "cannot" | "plain";
  /** What has to be known beside them. */
  readonly children?: Child;
}

/** A few sentences under one title, such as what an app will be able to do. */
export function Sentences({ title, sentences, kind = "plain", children }: SentencesProps) {
  if (sentences.length === 0) return null;
  return (
    <section>
      <h2>
        <Said text={title} />
      </h2>
      <ul class={`sentences ${kind}`}>
        {sentences.map((sentence) => (
          <li>
            <Said text={sentence} />
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
