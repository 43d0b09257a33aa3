import { MAX_GROUP_MEMBERS, MAX_NAME_CHARACTERS } from "../../shared/limits.ts";
import { Button } from "../parts/button.tsx";
import { ErrorSummary } from "../parts/error-summary.tsx";
import { Field } from "../parts/field.tsx";
import { Form } from "../parts/form.tsx";
import { Person } from "../parts/identity.tsx";
import { Notice } from "../parts/notice.tsx";
import { RowButton } from "../parts/row-button.tsx";
import { Empty, Row, Rows } from "../parts/rows.tsx";
import { Said } from "../parts/said.tsx";
import type { Words } from "../words/en.ts";
import { plain } from "../words/said.ts";
import { type ConsoleFrame, ConsoleLayout } from "./layout.tsx";

/** Somebody in a group. */
export interface MemberFacts {
  /** What a form names them by. */
  readonly key: string;
  /** Null: known by the word of an issuer, whose host this is. */
  readonly who: { readonly address: string } | { readonly host: string };
  /** Whether nobody could prove to be them at present. */
  readonly isDoubtful: boolean;
}

/** What a group is used for. */
export interface GroupUse {
  readonly sentence: string;
  /** The id of the one thing that it is about; null: it is about more. */
  readonly thing: string | null;
}

type Errors = Words["groups"]["errors"];

export interface GroupPageProps {
  readonly frame: ConsoleFrame;
  readonly id: string;
  readonly name: string;
  readonly members: readonly MemberFacts[];
  readonly uses: readonly GroupUse[];
  readonly notice: Exclude<keyof Words["groups"]["notices"], "deleted"> | null;
  /** What was filled in, and what is wrong with it. */
  readonly form: {
    readonly address: string;
    readonly name: string | null;
    readonly error: Exclude<keyof Errors, "tooMany"> | null;
  };
}

/** One group: who is in it, and what is shared with it. */
export function GroupPage(props: GroupPageProps) {
  const { frame, id, name, members, uses, notice, form } = props;
  const words = frame.words.groups;
  const path = `${frame.console.slice(frame.base.length)}/groups/${encodeURIComponent(id)}`;
  const errors = errorsOf(props);
  return (
    <ConsoleLayout frame={frame} place="groups" title={name}>
      <ErrorSummary frame={frame} errors={errors} />
      {notice !== null && (
        <Notice kind="good">
          <p>{words.notices[notice]}</p>
        </Notice>
      )}
      <h1>
        <bdi>{plain(name)}</bdi>
      </h1>
      <p class="lead">{words.about(members.length, uses.length)}</p>
      <section>
        <h2>{words.people}</h2>
        {members.length === 0 && <Empty>{words.nobody}</Empty>}
        <Rows>
          {members.map((member) => (
            <Member page={props} member={member} path={path} />
          ))}
        </Rows>
        <Form frame={frame} action={`${path}/add`}>
          <Field
            frame={frame}
            name="address"
            label={words.address}
            error={errors.address}
            value={form.address}
            type="email"
            inputMode="email"
            isRequired
          />
          <Button kind="main">{words.add}</Button>
        </Form>
      </section>
      <Uses frame={frame} uses={uses} />
      <section>
        <h2>{words.rename}</h2>
        <Form frame={frame} action={`${path}/rename`}>
          <Field
            frame={frame}
            name="name"
            label={words.name}
            error={errors.name}
            value={form.name ?? name}
            maxLength={MAX_NAME_CHARACTERS}
            isRequired
          />
          <Button>{words.save}</Button>
        </Form>
      </section>
      {uses.length === 0 ? (
        <Form frame={frame} action={`${path}/delete`}>
          <Button kind="danger">{words.delete}</Button>
        </Form>
      ) : (
        <p class="quiet">{words.deleteHint}</p>
      )}
    </ConsoleLayout>
  );
}

/** The sentence for each field that has to be looked at again. */
function errorsOf({ frame, form }: GroupPageProps): { readonly address?: string; readonly name?: string } {
  const { errors } = frame.words.groups;
  switch (form.error) {
    case null:
      return {};
    case "notAnAddress":
      return { address: errors.notAnAddress };
    case "full":
      return { address: errors.full(MAX_GROUP_MEMBERS) };
    case "notAName":
      return { name: errors.notAName(MAX_NAME_CHARACTERS) };
    case "inUse":
      return { name: errors.inUse };
  }
}

interface MemberProps {
  readonly page: GroupPageProps;
  readonly member: MemberFacts;
  readonly path: string;
}

function Member({ page: { frame }, member: { key, who, isDoubtful }, path }: MemberProps) {
  const words = frame.words.groups;
  const name = "address" in who ? who.address : plain(words.someoneAt(who.host));
  return (
    <Row
      action={
        <Form frame={frame} action={`${path}/remove`} hidden={{ person: key }}>
          <RowButton about={name}>{words.remove}</RowButton>
        </Form>
      }
    >
      <Person frame={frame} person={{ name, address: null }} />
      {isDoubtful && <p class="quiet">{words.doubtful}</p>}
    </Row>
  );
}

function Uses({ frame, uses }: { readonly frame: ConsoleFrame; readonly uses: readonly GroupUse[] }) {
  if (uses.length === 0) return null;
  const words = frame.words.groups;
  return (
    <section>
      <h2>{words.usesTitle}</h2>
      <ul class="sentences">
        {uses.map(({ sentence, thing }) => (
          <li>
            <Said text={sentence} />{" "}
            {thing !== null && <a href={`${frame.console}/things/${encodeURIComponent(thing)}`}>{words.look}</a>}
          </li>
        ))}
      </ul>
    </section>
  );
}
