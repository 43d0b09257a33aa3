import type { Frame } from "../frame.ts";
import { describedBy, FieldError } from "./field.tsx";

interface TextAreaProps {
  readonly frame: Frame;
  /** Also the id, which errors at the top of the page lead to. */
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  /** Characters, as the route takes them. */
  readonly maxLength: number;
}

/** A field for several lines. */
export function TextArea({ frame, name, label, value, error, maxLength }: TextAreaProps) {
  return (
    <div class={error === undefined ? "field" : "field wrong"}>
      <label for={name}>{label}</label>
      <FieldError frame={frame} id={name} error={error} />
      <textarea
        id={name}
        name={name}
        rows={4}
        maxlength={maxLength}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={describedBy(name, undefined, error)}
      >
        {value}
      </textarea>
    </div>
  );
}
