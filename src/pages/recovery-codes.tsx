import type { Frame } from "./frame.ts";
import { Layout } from "./layout.tsx";
import { LinkButton } from "./parts/button.tsx";

export interface RecoveryCodesPageProps {
  readonly frame: Frame;
  readonly codes: readonly string[];
  /** Where to go on to: path and query, with the issuer's own path before it. */
  readonly next: string;
}

/** Shown once, right after they were made. */
export function RecoveryCodesPage({ frame, codes, next }: RecoveryCodesPageProps) {
  const words = frame.words.recoveryCodes;
  return (
    <Layout frame={frame} title={words.title} scripts={["copy"]}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <ol class="codes" id="codes" aria-label={words.label}>
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div class="buttons" hidden data-copy="codes" data-copied={words.copied}>
        <button type="button" class="button other" data-does="copy">
          {words.copy}
        </button>
        <button type="button" class="button other" data-does="print">
          {words.print}
        </button>
        <span class="outcome" role="status" />
      </div>
      <p>{words.where}</p>
      <LinkButton href={next} kind="main">
        {words.go}
      </LinkButton>
    </Layout>
  );
}
