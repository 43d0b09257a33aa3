import type { Child } from "hono/jsx";

interface RowButtonProps {
  readonly kind?: "other" | "danger";
  /** Whose row it is, for whoever does not see the row. */
  readonly about: Child;
  readonly children: Child;
}

/** Does something with a row of a list. */
export function RowButton({ kind = "other", about, children }: RowButtonProps) {
  return (
    <button type="submit" class={`button ${kind}`}>
      {children}
      <span class="hidden">
        {": "}
        <bdi>{about}</bdi>
      </span>
    </button>
  );
}
