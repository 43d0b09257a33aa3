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
import { reviewOwnersGroup, reviewOwnersPolicy } from "../../operations/own/review-document.ts";
import { parseGroup, parsePolicy } from "../../policy/language/parse-policy.ts";
import type { GroupBody, PolicyBody } from "../../policy/language/policy.ts";
import { describePolicy } from "../../policy/speech/describe-policy.ts";
import type { UsherHono } from "../context.ts";
import { documentRoutes } from "./documents.ts";

/** The owner's policies; each comes with the sentence that it means. */
export function policyRoutes(): UsherHono {
  return documentRoutes<PolicyBody>({
    path: "policies",
    parse: parsePolicy,
    render: ({ id, version, document }) => ({
      policy_id: id,
      version,
      sentence: describePolicy(document),
      policy: document,
    }),
    identify: (id) => ({ policy_id: id }),
    create: createPolicy,
    replace: replacePolicy,
    remove: deletePolicy,
    read: readPolicy,
    review: reviewOwnersPolicy,
    list: listPolicies,
  });
}

/** The owner's groups of people, which policies name. */
export function groupRoutes(): UsherHono {
  return documentRoutes<GroupBody>({
    path: "groups",
    parse: parseGroup,
    render: ({ id, version, document }) => ({ group_id: id, version, group: document }),
    identify: (id) => ({ group_id: id }),
    create: createGroup,
    replace: replaceGroup,
    remove: deleteGroup,
    read: readGroup,
    review: reviewOwnersGroup,
    list: listGroups,
  });
}
