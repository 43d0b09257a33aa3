import { MAX_AGREEMENT_CHARACTERS, MAX_EMAIL_CHARACTERS, MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { Button } from "../parts/button.tsx";
import { Checkbox, CheckboxGroup, type Option, RadioGroup } from "../parts/choice.tsx";
import { ErrorSummary } from "../parts/error-summary.tsx";
import { Field } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Said } from "../parts/said.tsx";
import { TextArea } from "../parts/text-area.tsx";
import type { Words } from "../words/en.ts";
import { said } from "../words/said.ts";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";

/** With whom something is shared, by kind; the address of the page says which. */
export const SHARE_KINDS = ["person", "group", "app", "everybody"] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

/** How much is shared at once. */
export const SHARE_REACHES = ["this", "kind", "everything"] as const;
export type ShareReach = (typeof SHARE_REACHES)[number];

/** What is filled in. */
export interface ShareFields {
  readonly kind: ShareKind;
  readonly address: string;
  /** Ids. */
  readonly group: string;
  readonly app: string;
  /** What can be done, as it is called on the wire. */
  readonly acts: readonly string[];
  readonly everyAct: boolean;
  readonly reach: ShareReach;
  /** A day, as a date field gives it (HTML §2.3.5.2), or empty. */
  readonly until: string;
  readonly asksFirst: boolean;
  readonly agreementTitle: string;
  readonly agreementText: string;
}

/** The fields that have to be looked at again. */
export type ShareErrors = readonly (keyof Words["share"]["errors"])[];

/** Something that can be chosen. */
interface Choosable {
  readonly id: string;
  readonly name: string;
}

/** A share that is looked at again. */
export interface ChangedShare {
  readonly policy: string;
  readonly version: number;
  /** With whom it is, in a sentence of the catalogue. */
  readonly whom: string;
}

/** What is shared. */
export interface SharedThings {
  /** The first of them is where the page is. */
  readonly ids: readonly string[];
  /** Of the first; null: it has none. */
  readonly name: string | null;
  /** The kind of the first, as it can be read; null: it has none. */
  readonly kind: string | null;
}

export interface SharePageProps {
  readonly frame: ConsoleFrame;
  readonly things: SharedThings;
  readonly fields: ShareFields;
  readonly errors: ShareErrors;
  /** What can be done, by its name on the wire; none: only everything at once. */
  readonly acts: readonly Choosable[];
  readonly groups: readonly (Choosable & { readonly members: number })[];
  readonly apps: readonly Choosable[];
  /** Null: it is a new one. */
  readonly change: ChangedShare | null;
}

/** Sharing: with whom, what they can do, until when. Everything else is folded away, and says what most people want. */
export function SharePage(props: SharePageProps) {
  const { frame, things, change, fields } = props;
  const words = frame.words.share;
  const title = titleOf(props);
  const isPossible = change !== null || isChoosable(props);
  return (
    <ConsoleLayout frame={frame} place="things" title={title}>
      <ErrorSummary frame={frame} errors={errorsOf(props)} />
      <h1>
        <Said text={title} />
      </h1>
      {change === null && <Kinds {...props} />}
      {isPossible ? (
        <Form frame={frame} action={sharePath(frame, things)} hidden={hiddenOf(props)}>
          {things.ids.slice(1).map((id) => (
            <input type="hidden" name="also" value={id} />
          ))}
          {change === null && <Whom {...props} />}
          <Acts {...props} />
          <Until {...props} />
          <Checkbox
            frame={frame}
            name="asks_first"
            label={words.asksFirst}
            hint={words.asksFirstHint}
            isChecked={fields.asksFirst}
          />
          {change === null && <Rest {...props} />}
          <Button kind="main" name="step" value="review">
            {words.go}
          </Button>
        </Form>
      ) : (
        <Nothing {...props} />
      )}
      <p>
        <a href={thingPath(frame, things)}>{words.back}</a>
      </p>
    </ConsoleLayout>
  );
}

function titleOf({ frame, things, change }: SharePageProps): string {
  const words = frame.words.share;
  if (change !== null) return words.titleOfChange(change.whom);
  return things.ids.length > 1
    ? words.titleOfMany(things.ids.length)
    : words.title(things.name ?? frame.words.shares.targets.nameless);
}

/** Where the forms of sharing are sent, below the issuer. */
export function sharePath(frame: ConsoleFrame, { ids: [id = ""] }: SharedThings): string {
  return `${frame.console.slice(frame.base.length)}/things/${encodeURIComponent(id)}/share`;
}

function thingPath(frame: ConsoleFrame, { ids: [id = ""] }: SharedThings): string {
  return `${frame.console}/things/${encodeURIComponent(id)}`;
}

function hiddenOf({ fields, change }: SharePageProps) {
  return {
    with: fields.kind,
    change: change?.policy ?? null,
    version: change === null ? null : String(change.version),
  };
}

function errorsOf({ frame, errors }: SharePageProps): Readonly<Record<string, string | undefined>> {
  const words = frame.words.share.errors;
  const idOf = { agreementTitle: "agreement_title", agreementText: "agreement_text" } as const;
  return Object.fromEntries(
    errors.map((field) => [field in idOf ? idOf[field as keyof typeof idOf] : field, words[field]]),
  );
}

/** A way to the same page for others; the address says which it is, so it works without script. */
function Kinds({ frame, things, fields }: SharePageProps) {
  const words = frame.words.share;
  const also = things.ids.slice(1).map((id) => `&also=${encodeURIComponent(id)}`);
  return (
    <nav class="owners" aria-label={words.kinds}>
      <ul>
        {SHARE_KINDS.map((kind) => (
          <li>
            <a
              href={`${frame.base}${sharePath(frame, things)}?with=${kind}${also.join("")}`}
              aria-current={kind === fields.kind ? "page" : undefined}
            >
              {words.with[kind]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function isChoosable({ fields: { kind }, groups, apps }: SharePageProps): boolean {
  if (kind === "group") return groups.length > 0;
  return kind !== "app" || apps.length > 0;
}

/** What would be there to choose, and how to get it. */
function Nothing({ frame, fields }: SharePageProps) {
  const words = frame.words.share;
  if (fields.kind !== "group") return <p class="empty">{words.noApps}</p>;
  return (
    <>
      <p class="empty">{words.noGroups}</p>
      <p>
        <a href={`${frame.console}/groups`}>{words.makeGroup}</a>
      </p>
    </>
  );
}

function Whom(props: SharePageProps) {
  const { frame, fields, groups, apps } = props;
  const words = frame.words.share;
  switch (fields.kind) {
    case "person":
      return (
        <Field
          frame={frame}
          name="address"
          label={words.address}
          hint={words.addressHint}
          error={errorsOf(props).address}
          value={fields.address}
          type="email"
          inputMode="email"
          maxLength={MAX_EMAIL_CHARACTERS}
          isRequired
        />
      );
    case "group": {
      const options = groups.map(({ id, name, members }) => ({
        ...optionOf({ id, name }),
        hint: words.members(members),
      }));
      return (
        <RadioGroup
          name="group"
          legend={words.group}
          options={options}
          selected={fields.group || (groups[0]?.id ?? "")}
        />
      );
    }
    case "app":
      return (
        <>
          <RadioGroup
            name="app"
            legend={words.app}
            options={apps.map(optionOf)}
            selected={fields.app || (apps[0]?.id ?? "")}
          />
          <p class="hint">{words.appHint}</p>
        </>
      );
    case "everybody":
      return <p>{words.everybodyLead}</p>;
  }
}

function optionOf({ id, name }: Choosable): Option {
  return { value: id, label: said`${name}` };
}

/** Everything that can ever be done has a name of its own in the form, as apps call acts as they like. */
function Acts(props: SharePageProps) {
  const { frame, acts, fields } = props;
  const words = frame.words.share;
  if (acts.length === 0) return <p>{words.wholeThing}</p>;
  return (
    <CheckboxGroup
      frame={frame}
      name="act"
      legend={words.acts}
      options={acts.map(optionOf)}
      selected={fields.acts}
      whole={{ name: "every_act", label: words.everyAct, isChecked: fields.everyAct }}
      error={errorsOf(props).act}
    />
  );
}

function Until(props: SharePageProps) {
  const { frame, fields } = props;
  const words = frame.words.share;
  return (
    <Field
      frame={frame}
      name="until"
      label={words.until}
      hint={words.untilHint}
      error={errorsOf(props).until}
      value={fields.until}
      type="date"
    />
  );
}

/** What only a few look for; open where something of it was said, or is wrong. */
function Rest(props: SharePageProps) {
  const { frame, things, fields } = props;
  const words = frame.words.share;
  const errors = errorsOf(props);
  const isOpen = fields.reach !== "this" || fields.agreementTitle !== "" || fields.agreementText !== "";
  const reaches = [
    { value: "this", label: things.ids.length > 1 ? words.aboutThese : words.aboutThis },
    ...(things.kind === null ? [] : [{ value: "kind", label: words.aboutKind(things.kind) }]),
    { value: "everything", label: words.aboutEverything },
  ];
  return (
    <details open={isOpen}>
      <summary>{words.more}</summary>
      <RadioGroup name="reach" legend={words.about} options={reaches} selected={fields.reach} />
      <Field
        frame={frame}
        name="agreement_title"
        label={words.agreementTitle}
        hint={words.agreementTitleHint}
        error={errors.agreement_title}
        value={fields.agreementTitle}
        maxLength={MAX_NAME_CHARACTERS}
      />
      <TextArea
        frame={frame}
        name="agreement_text"
        label={words.agreementText}
        error={errors.agreement_text}
        value={fields.agreementText}
        maxLength={MAX_AGREEMENT_CHARACTERS}
      />
    </details>
  );
}
