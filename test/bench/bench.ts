/**
 * `npm run bench`: how fast the built Worker is, and how much of that speed is the platform's. Rates depend on the
 * machine, so each measurement stands next to a bare route and to floors (floor-worker.ts), or to the Worker of another
 * commit, taken in turn with it on the same machine, and the ratio is what counts. Prints Markdown.
 *
 *   node test/bench/bench.ts [--quick] [--routes | --scale | --console | --worst | --profile | --against <commit> [--only <part of a name>]]
 */
import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { compareWith } from "./compare.ts";
import { measureConsoleScale } from "./console-scale.ts";
import { measureRoutes } from "./measure-routes.ts";
import { measureProfile } from "./profile.ts";
import { measureScale } from "./scale.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    routes: { type: "boolean", default: false },
    scale: { type: "boolean", default: false },
    console: { type: "boolean", default: false },
    worst: { type: "boolean", default: false },
    profile: { type: "boolean", default: false },
    against: { type: "string" },
    only: { type: "string", default: "" },
  },
});

const [processor] = cpus();
const memory = (totalmem() / 2 ** 30).toFixed(0);
console.log(`${cpus().length} × ${processor?.model}, ${memory} GiB, Node ${process.versions.node}`);
if (values.worst) measureWorst();
else if (values.console) console.log(await measureConsoleScale(values.quick));
else if (values.profile) console.log(await measureProfile());
else if (values.against !== undefined) await compareWith(values.against, values.quick, values.only);
else {
  if (!values.scale) await measureRoutes(values.quick);
  if (!values.routes) {
    console.log(await measureScale(values.quick));
    console.log(await measureConsoleScale(values.quick));
  }
}

/** Runs inside workerd (test/bench/worst/measure.ts), and prints a table row for each kind of policy. */
function measureWorst(): void {
  const config = ["--config", "test/bench/worst/vitest.config.ts", "--root", "."];
  execFileSync("node_modules/.bin/vitest", ["run", ...config], { stdio: "inherit" });
}
