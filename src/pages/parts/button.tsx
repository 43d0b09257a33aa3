import type { Child } from "hono/jsx";

/**
 * `main` is what most people came for, at most one a page; `equal` is for choices of which none is pushed, and `aside` for
 * what only a few look for.
 */
export type ButtonKind = "main" | "equal" | "other" | "danger" | "aside";

interface ButtonProps {
  readonly kind?: ButtonKind;
  /** What the form learns of which button was used. */
  readonly name?: string;
  readonly value?: string;
  /** As wide as the column. */
  readonly isWide?: boolean;
  readonly children: Child;
}

/** Sends the form that it stands in. */
export function Button({ kind = "other", name, value, isWide = false, children }: ButtonProps) {
  return (
    <button type="submit" class={buttonClass(kind, isWide)} name={name} value={value}>
      {children}
    </button>
  );
}

interface LinkButtonProps {
  readonly href: string;
  readonly kind?: ButtonKind;
  readonly isWide?: boolean;
  readonly children: Child;
}

/** Goes somewhere and changes nothing. */
export function LinkButton({ href, kind = "other", isWide = false, children }: LinkButtonProps) {
  return (
    <a class={buttonClass(kind, isWide)} href={href}>
      {children}
    </a>
  );
}

export function buttonClass(kind: ButtonKind, isWide: boolean): string {
  if (kind === "aside") return "like-link";
  return isWide ? `button ${kind} wide` : `button ${kind}`;
}
