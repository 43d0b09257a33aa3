export interface SelectOption {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly SelectOption[];
  /** Null: the first. */
  readonly selected: string | null;
}

/** One of many, where there may be more than fit on the page. */
export function Select({ name, label, options, selected }: SelectProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === selected}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
