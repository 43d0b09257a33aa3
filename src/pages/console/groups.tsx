import { MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { Button } from "../parts/button.tsx";
import { ErrorSummary } from "../parts/error-summary.tsx";
import { Field } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { More } from "../parts/more.tsx";
import { Notice } from "../parts/notice.tsx";
import { Empty } from "../parts/rows.tsx";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";

export interface GroupFacts {
  readonly id: string;
  readonly name: string;
  readonly members: number;
  /** How many shares go by it. */
  readonly uses: number;
}

export interface GroupsPageProps {
  readonly frame: ConsoleFrame;
  readonly groups: readonly GroupFacts[];
  /** Whether these are all. */
  readonly isWhole: boolean;
  /** Path and query of the next page, with the issuer's own path before it; null: this is the last. */
  readonly next: string | null;
  /** What the form for a new one sends, so that a double click makes one. */
  readonly formKey: string;
  /** What was filled in, and what is wrong with it. */
  readonly form: { readonly name: string; readonly error: "notAName" | "tooMany" | null };
  readonly isDeleted: boolean;
}

/** The groups of an owner, and a new one. */
export function GroupsPage({ frame, groups, isWhole, next, formKey, form, isDeleted }: GroupsPageProps) {
  const words = frame.words.groups;
  const title = isWhole ? words.title(groups.length) : words.titleOfMany;
  const { error } = form;
  const wrong =
    error === null
      ? undefined
      : error === "notAName"
        ? words.errors.notAName(MAX_NAME_CHARACTERS)
        : words.errors.tooMany;
  return (
    <ConsoleLayout frame={frame} place="groups" title={title}>
      <ErrorSummary frame={frame} errors={{ name: wrong }} />
      {isDeleted && (
        <Notice kind="good">
          <p>{words.notices.deleted}</p>
        </Notice>
      )}
      <h1>{title}</h1>
      {groups.length === 0 && <Empty>{words.empty}</Empty>}
      <ul class="rows links">
        {groups.map(({ id, name, members, uses }) => (
          <li>
            <a class="row" href={`${frame.console}/groups/${encodeURIComponent(id)}`}>
              <span class="about">
                <strong>
                  <bdi>{name}</bdi>
                </strong>
                <span class="quiet">{`${words.members(members)}, ${words.uses(uses)}`}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
      <More frame={frame} next={next} />
      <section>
        <h2>{words.newGroup}</h2>
        <Form frame={frame} action={`${frame.console.slice(frame.base.length)}/groups`} hidden={{ key: formKey }}>
          <Field
            frame={frame}
            name="name"
            label={words.name}
            hint={words.nameHint}
            error={wrong}
            value={form.name}
            maxLength={MAX_NAME_CHARACTERS}
            isRequired
          />
          <Button>{words.make}</Button>
        </Form>
      </section>
    </ConsoleLayout>
  );
}
