import type { Frame } from "../frame.ts";
import { type ButtonKind, buttonClass } from "./button.tsx";

interface PasskeyProps {
  readonly frame: Frame;
  /** Whether one is made, used at a press of the button, or offered where the browser fills in a field. */
  readonly does: "create" | "use" | "autofill";
  /** Path below the issuer: gives the options that the device is asked with, for the fields of the form around this. */
  readonly options: string;
  /** Path below the issuer, with its query: gets what the device answered. */
  readonly verify: string;
  readonly label: string;
  readonly hint?: string;
  readonly kind?: ButtonKind;
  readonly isWide?: boolean;
}

/**
 * A part of a form that static/passkey.client.js brings to life. Without script it stays hidden, because there is no
 * passkey without script (WebAuthn §5.1); so each page has another way beside it.
 */
export function Passkey(props: PasskeyProps) {
  const { frame, does, options, verify, label, hint, kind = "main", isWide = false } = props;
  const words = frame.words.passkeyScript;
  return (
    <div
      class="passkey"
      hidden
      data-passkey={does}
      data-options-url={frame.base + options}
      data-verify-url={frame.base + verify}
      data-unsupported={words.unsupported}
      data-cancelled={words.cancelled}
      data-known={words.known}
      data-failed={words.failed}
      data-working={words.working}
    >
      <button type="submit" class={buttonClass(kind, isWide)}>
        {label}
      </button>
      {hint !== undefined && <p class="hint">{hint}</p>}
      <p class="outcome" role="status" />
    </div>
  );
}

/** What stands in a passkey's place where scripts are off. */
export function WithoutScript({ text }: { readonly text: string }) {
  return (
    <noscript>
      <p class="notice quiet">{text}</p>
    </noscript>
  );
}
