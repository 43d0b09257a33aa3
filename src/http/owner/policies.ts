import { Hono } from "hono";
import {
  createGroup,
  createPolicy,
  deleteGroup,
  deletePolicy,
  listGroups,
  listPolicies,
  readGroup,
  readPolicy,
  replaceGroup,
  replacePolicy,
} from "../../operations/own/edit-policy.ts";
import { previewPolicy } from "../../operations/own/preview-policy.ts";
import { reviewOwnersGroup, reviewOwnersPolicy } from "../../operations/own/review-document.ts";
import { parseGroup, parsePolicy } from "../../policy/language/parse-policy.ts";
import type { Group, GroupBody, Policy, PolicyBody } from "../../policy/language/policy.ts";
import type { ShareEffect } from "../../policy/share/effect.ts";
import { describePolicy } from "../../policy/speech/describe-policy.ts";
import { POLICY_SCOPE } from "../../protocol/wire/connection.ts";
import { MAX_DOCUMENT_BODY_BYTES } from "../../shared/limits.ts";
import { protectedBy } from "../authenticate/connected-caller.ts";
import { readJson } from "../body.ts";
import type { UsherEnv, UsherHono } from "../context.ts";
import { parseQuery } from "../paging.ts";
import { onlyMethods, privateJson } from "../respond.ts";
import { withWarnings } from "../warnings.ts";
import { documentRoutes } from "./documents.ts";

/** What would follow from a policy if it were saved; nothing is. */
export function previewRoutes(): UsherHono {
  return new Hono<UsherEnv>()
    .post("/", protectedBy(POLICY_SCOPE), async (c) => {
      const { services, caller, now } = c.var;
      const { replaces } = parseQuery(c.req.raw, "replaces");
      const document = parsePolicy(await readJson(c.req.raw, MAX_DOCUMENT_BODY_BYTES));
      const { warnings, effect, groups } = await previewPolicy(services, caller, document, replaces, now);
      const names = { groups: new Map([...groups].map(([id, group]) => [id, group.document.name])) };
      return privateJson(
        withWarnings({ sentence: describePolicy(document, names), effect: renderEffect(effect) }, warnings),
      );
    })
    .all("/", onlyMethods("POST"));
}

function renderEffect(effect: ShareEffect | null): object | null {
  if (effect === null) return null;
  const { isCounted, isPartial, newcomers, gainers, losers, unchanged, keptOut, allowedBy, deniedBy } = effect;
  return {
    counted: isCounted,
    partial: isPartial,
    newcomers,
    gainers,
    losers,
    unchanged,
    kept_out: keptOut,
    allowed_by: allowedBy,
    denied_by: deniedBy,
  };
}

/** The owner's policies; each comes with the sentence that it means. */
export function policyRoutes(): UsherHono {
  return documentRoutes<PolicyBody>({
    path: "policies",
    parse: parsePolicy,
    render: renderPolicy,
    identify: (id) => ({ policy_id: id }),
    create: createPolicy,
    replace: replacePolicy,
    remove: deletePolicy,
    read: readPolicy,
    review: reviewOwnersPolicy,
    list: listPolicies,
  });
}

/** A policy as its owner reads it. */
export function renderPolicy({ id, version, document }: Policy): object {
  return { policy_id: id, version, sentence: describePolicy(document), policy: document };
}

/** A group as its owner reads it. */
export function renderGroup({ id, version, document }: Group): object {
  return { group_id: id, version, group: document };
}

/** The owner's groups of people, which policies name. */
export function groupRoutes(): UsherHono {
  return documentRoutes<GroupBody>({
    path: "groups",
    parse: parseGroup,
    render: renderGroup,
    identify: (id) => ({ group_id: id }),
    create: createGroup,
    replace: replaceGroup,
    remove: deleteGroup,
    read: readGroup,
    review: reviewOwnersGroup,
    list: listGroups,
  });
}
