import type { Child } from "hono/jsx";

/** A quiet list: what it is on one side, what can be done with it on the other. */
export function Rows({ children }: { readonly children: Child }) {
  return <ul class="rows">{children}</ul>;
}

interface RowProps {
  readonly action?: Child;
  readonly children: Child;
}

export function Row({ action, children }: RowProps) {
  return (
    <li class="row">
      <div class="about">{children}</div>
      {action !== undefined && <div class="action">{action}</div>}
    </li>
  );
}

/** What would be here, and how to get it. */
export function Empty({ children }: { readonly children: Child }) {
  return <p class="empty">{children}</p>;
}
