import type { Child } from "hono/jsx";

/** `main` is what most people came for, at most one a page; `equal` is for choices of which none is pushed. */
export type ButtonKind = "main" | "equal" | "other" | "danger" | "plain";

interface ButtonProps {
  readonly kind?: ButtonKind;
  /** What the form learns of which button was used. */
  readonly name?: string;
  readonly value?: string;
  /** Tells buttons of one label apart for whoever does not see what stands beside them. */
  readonly describedBy?: string;
  readonly children: Child;
}

/** Sends the form that it stands in. */
export function Button({ kind = "other", name, value, describedBy, children }: ButtonProps) {
  return (
    <button type="submit" class={`button ${kind}`} name={name} value={value} aria-describedby={describedBy}>
      {children}
    </button>
  );
}

interface LinkButtonProps {
  readonly href: string;
  readonly kind?: ButtonKind;
  readonly children: Child;
}

/** Goes somewhere and changes nothing. */
export function LinkButton({ href, kind = "other", children }: LinkButtonProps) {
  return (
    <a class={`button ${kind}`} href={href}>
      {children}
    </a>
  );
}
