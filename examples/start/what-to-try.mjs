import { join, relative } from "node:path";
import { ROOT } from "./settings.mjs";
import { headline, plain, tellCommand } from "./terminal.mjs";

const TOKEN_COMMAND =
  'TOKEN=$(curl -s -u "$DESK_ID:$DESK_SECRET" -d grant_type=client_credentials -d scope=uma_policy $USHER/token' +
  ` | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;

/** What the reader can do next, as commands to copy; the secrets in them come from a file. */
export function showWhatToTry({ usher, records, consult, shellFile, state }) {
  const shown = (file) => relative(ROOT, file);
  const asOwner = 'curl -s -H "Authorization: Bearer $TOKEN"';
  headline("Your turn");
  plain(`Open ${consult.origin} and be Dr. Bob or Mallory yourself. Or, in another terminal:`);
  plain();
  tellCommand("a report, with nothing in hand: the challenge", `curl -i ${records.origin}/reports/lipid-panel`);
  tellCommand("what Usher says about itself", `curl -s ${usher.origin}/.well-known/uma2-configuration`);
  tellCommand("the ids and secrets that the next commands use", `. ./${shown(shellFile)}`);
  tellCommand("how much Usher holds", 'curl -s -H "Authorization: Bearer $ADMIN_SECRET" $USHER/admin/counts');
  tellCommand("a token for the owner's sharing desk", TOKEN_COMMAND);
  tellCommand("what is shared", `${asOwner} $USHER/owner/policies`);
  tellCommand("who asked for what, and why it was refused", `${asOwner} $USHER/owner/activity`);
  plain(`Logs are in ${shown(join(state, "logs"))}. Ctrl-C ends everything; all of it is there again next time.`);
}
