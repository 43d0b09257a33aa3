import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";

interface FormProps {
  readonly frame: Frame;
  /** Path below the issuer. */
  readonly action: string;
  /** What the form sends beside what is filled in. A null is left out. */
  readonly hidden?: Readonly<Record<string, string | null>>;
  readonly children: Child;
}

/** A form that changes something: it posts, and says with its token that one of our own pages sent it. */
export function Form({ frame, action, hidden = {}, children }: FormProps) {
  return (
    <form method="post" action={frame.base + action} novalidate>
      <input type="hidden" name="csrf" value={frame.csrf} />
      {Object.entries(hidden).map(
        ([name, value]) => value !== null && <input type="hidden" name={name} value={value} />,
      )}
      {children}
    </form>
  );
}
