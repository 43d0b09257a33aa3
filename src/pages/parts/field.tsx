import type { Frame } from "../frame.ts";
import { Said } from "./said.tsx";

interface FieldProps {
  readonly frame: Frame;
  readonly name: string;
  /** What label, hint and error go by; the name, unless a page has several fields of that name. */
  readonly id?: string;
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with what was filled in. */
  readonly error?: string | undefined;
  readonly value?: string;
  readonly type?: "text" | "email" | "date";
  /** HTML §4.10.18.7. */
  readonly autocomplete?: string;
  readonly inputMode?: "text" | "numeric" | "email";
  /** Characters, as the route takes them. */
  readonly maxLength?: number;
  /** Codes: letters of one width, and nothing is corrected. */
  readonly isCode?: boolean;
  readonly isRequired?: boolean;
}

/** A label above a field, with a hint and an error that are read out with it. */
export function Field(props: FieldProps) {
  const { frame, name, id = name, label, hint, error, isCode = false, isRequired = false } = props;
  return (
    <div class={error === undefined ? "field" : "field wrong"}>
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          <Said text={hint} />
        </p>
      )}
      <FieldError frame={frame} id={id} error={error} />
      <input
        class={isCode ? "code" : undefined}
        id={id}
        name={name}
        type={props.type ?? "text"}
        value={props.value}
        autocomplete={props.autocomplete ?? "off"}
        inputmode={props.inputMode}
        maxlength={props.maxLength}
        autocapitalize={isCode ? "off" : undefined}
        required={isRequired}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={describedBy(id, hint, error)}
      />
    </div>
  );
}

/** Hint and error are read out with the field; undefined where there is neither. */
export function describedBy(id: string, hint: string | undefined, error: string | undefined): string | undefined {
  const ids = [...(hint === undefined ? [] : [`${id}-hint`]), ...(error === undefined ? [] : [`${id}-error`])];
  return ids.length === 0 ? undefined : ids.join(" ");
}

interface FieldErrorProps {
  readonly frame: Frame;
  /** Of the field. */
  readonly id: string;
  readonly error: string | undefined;
}

/** What is wrong, at the field; the word before it is for whoever does not see its colour. */
export function FieldError({ frame, id, error }: FieldErrorProps) {
  if (error === undefined) return null;
  return (
    <p class="error" id={`${id}-error`}>
      <span class="hidden">{frame.words.errors.field} </span>
      <Said text={error} />
    </p>
  );
}
