// Unpacks archives of @sparticuz/chromium, given by their paths, to the temporary folder of this process.
import { inflate } from "@sparticuz/chromium";

await Promise.all(process.argv.slice(2).map(inflate));
