import type { Child } from "hono/jsx";

interface NoticeProps {
  readonly kind: "good" | "danger" | "quiet";
  readonly children: Child;
}

/** What has just happened, or has to be known first. Its colour only repeats what it says. */
export function Notice({ kind, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === "danger" ? "alert" : "status"}>
      {children}
    </div>
  );
}
