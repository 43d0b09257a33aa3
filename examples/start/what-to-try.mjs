import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { ROOT } from "../serve/root.mjs";
import { done, headline, plain, tellCommand } from "./terminal.mjs";

const TOKEN_COMMAND =
  'TOKEN=$(curl -s -u "$DESK_ID:$DESK_SECRET" -d grant_type=client_credentials -d scope=uma_policy $USHER/token' +
  ` | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;

/** Stands between what two commands print. */
const BREAK = "-- next --";

/**
 * What the reader can do when the flow has been walked, as commands to copy into one terminal; the secrets in them come
 * from a file. Each comes with a part of what it prints.
 */
export function whatToTry({ usher, records, shellFile }) {
  const asOwner = 'curl -s -H "Authorization: Bearer $TOKEN"';
  return [
    {
      purpose: "a report, with nothing in hand: the challenge",
      command: `curl -i ${records.origin}/reports/lipid-panel`,
      prints: "WWW-Authenticate: UMA ",
    },
    {
      purpose: "whom an app has to ask for that, which it learns from the challenge",
      command: `curl -s ${records.origin}/.well-known/oauth-protected-resource/reports`,
      prints: `"authorization_servers":["${usher.origin}"]`,
    },
    {
      purpose: "what Usher says about itself",
      command: `curl -s ${usher.origin}/.well-known/uma2-configuration`,
      prints: '"permission_endpoint"',
    },
    {
      purpose: "the ids and secrets that the next commands use",
      command: `. ./${relative(ROOT, shellFile)}`,
      prints: "",
    },
    {
      purpose: "how much Usher holds",
      command: 'curl -s -H "Authorization: Bearer $ADMIN_SECRET" $USHER/admin/counts',
      prints: '"owners"',
    },
    { purpose: "a token for the owner's sharing desk", command: TOKEN_COMMAND, prints: "" },
    { purpose: "what is shared", command: `${asOwner} $USHER/owner/policies`, prints: '"sentence"' },
    {
      purpose: "who asked for what, and why it was refused",
      command: `${asOwner} $USHER/owner/activity`,
      prints: '"granted"',
    },
  ];
}

/** Whoever reads letters there can be anybody here, so nobody shall come upon it by surprise. */
export function tellOfMailbox({ usher }) {
  plain(`No letter leaves this machine: whoever reaches it reads all of them at ${usher.origin}/development/mailbox.`);
}

export function showWhatToTry(settings) {
  const { consult, startPage, state } = settings;
  headline("Your turn");
  plain(`Open ${startPage.origin} in a browser, for the owner's story and the doctor's.`);
  plain(`Open ${consult.origin} and be Dr. Bob or Mallory yourself.`);
  tellOfMailbox(settings);
  plain("Or, in another terminal:");
  plain();
  for (const { purpose, command } of whatToTry(settings)) tellCommand(purpose, command);
  const logs = relative(ROOT, join(state, "logs"));
  plain(`Logs are in ${logs}. Ctrl-C ends everything; all of it is there again next time.`);
}

/** Tries all of it, as a reader does who copies it. @throws Error naming the first command that does not do as it should */
export function tryEverything(settings) {
  const commands = whatToTry(settings);
  const script = commands.map(({ command }) => `${command}\necho '${BREAK}'`).join("\n");
  const { stdout } = spawnSync("sh", ["-c", script], { cwd: ROOT, encoding: "utf8" });
  const printed = stdout.split(BREAK);
  headline("What there is to try");
  for (const [index, { purpose, command, prints }] of commands.entries()) {
    const output = printed[index] ?? "";
    if (!output.includes(prints)) throw new Error(`${command}\nprinted no ${prints}, but: ${output}`);
    done("tried", purpose);
  }
}
