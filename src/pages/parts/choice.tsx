import type { Child } from "hono/jsx";
import type { Frame } from "../frame.ts";
import { describedBy, FieldError } from "./field.tsx";
import { Said } from "./said.tsx";

interface CheckboxProps {
  readonly frame: Frame;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly isChecked?: boolean;
}

/** One thing to say yes to. */
export function Checkbox({ frame, name, label, hint, error, isChecked = false }: CheckboxProps) {
  return (
    <div class={error === undefined ? "choice" : "choice wrong"}>
      <FieldError frame={frame} id={name} error={error} />
      <div class="option">
        <input
          type="checkbox"
          id={name}
          name={name}
          value="yes"
          checked={isChecked}
          aria-invalid={error === undefined ? undefined : "true"}
          aria-describedby={describedBy(name, hint, error)}
        />
        <label for={name}>
          <Said text={label} />
        </label>
        {hint !== undefined && (
          <p class="hint" id={`${name}-hint`}>
            <Said text={hint} />
          </p>
        )}
      </div>
    </div>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

interface CheckboxGroupProps {
  readonly frame: Frame;
  readonly name: string;
  readonly legend: Child;
  readonly options: readonly Option[];
  readonly selected: readonly string[];
  /** What stands for all of them, and more; the form sends it under a name of its own. */
  readonly whole?: { readonly name: string; readonly label: string; readonly isChecked: boolean };
  readonly error?: string | undefined;
}

/** Some of several; the form sends one value for each. */
export function CheckboxGroup({ frame, name, legend, options, selected, whole, error }: CheckboxGroupProps) {
  return (
    <fieldset
      class={error === undefined ? "choice" : "choice wrong"}
      id={name}
      aria-describedby={describedBy(name, undefined, error)}
    >
      <legend>{legend}</legend>
      <FieldError frame={frame} id={name} error={error} />
      {options.map(({ value, label }, index) => (
        <div class="option">
          <input type="checkbox" id={`${name}-${index}`} name={name} value={value} checked={selected.includes(value)} />
          <label for={`${name}-${index}`}>
            <Said text={label} />
          </label>
        </div>
      ))}
      {whole !== undefined && (
        <div class="option">
          <input type="checkbox" id={whole.name} name={whole.name} value="yes" checked={whole.isChecked} />
          <label for={whole.name}>
            <Said text={whole.label} />
          </label>
        </div>
      )}
    </fieldset>
  );
}

interface RadioGroupProps {
  readonly name: string;
  readonly legend: Child;
  readonly options: readonly Option[];
  readonly selected: string;
}

/** One of several; one is always chosen, so nothing can be forgotten. */
export function RadioGroup({ name, legend, options, selected }: RadioGroupProps) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {options.map(({ value, label, hint }, index) => (
        <div class="option">
          <input
            type="radio"
            id={`${name}-${index}`}
            name={name}
            value={value}
            checked={value === selected}
            aria-describedby={hint === undefined ? undefined : `${name}-${index}-hint`}
          />
          <label for={`${name}-${index}`}>
            <Said text={label} />
          </label>
          {hint !== undefined && (
            <p class="hint" id={`${name}-${index}-hint`}>
              <Said text={hint} />
            </p>
          )}
        </div>
      ))}
    </fieldset>
  );
}
