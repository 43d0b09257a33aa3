/**
 * What Cloudflare's edge does before a request reaches Usher, done by the Worker itself: it stands as the main module in
 * front of the built one (runtime.mjs), inside workerd.
 */
import usher from "./index.js";

export * from "./index.js";

export default {
  fetch(request, env, context) {
    return usher.fetch(asTheEdge(request, env.ISSUER.startsWith("https:")), env, context);
  },
  scheduled: usher.scheduled,
};

/**
 * Here is no TLS, so before an https issuer stands a proxy, which says who came and how (docs/self-hosting.md).
 *
 * INVARIANT: whom CF-Connecting-IP names is never the caller's own word: wrong secrets are counted by it, and policies
 * look at it. Of X-Forwarded-For only the last address is the proxy's. What is in `request.cf`, such as the country,
 * Miniflare takes from a header that anybody can send, so it is not even looked at.
 */
function asTheEdge(request, isBehindProxy) {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.delete("CF-Connecting-IP");
  if (isBehindProxy) {
    if (headers.get("X-Forwarded-Proto") === "https") url.protocol = "https:";
    const address = headers.get("X-Forwarded-For")?.split(",").at(-1)?.trim();
    if (address) headers.set("CF-Connecting-IP", address);
  }
  const { method, body } = request;
  return new Request(url, { method, headers, body, cf: {} });
}

/** The edge keeps logged objects as JSON; workerd alone would print them as a debugger does, and not to the end. */
for (const level of ["debug", "error", "info", "log", "warn"]) {
  const write = console[level].bind(console);
  console[level] = (...values) =>
    write(...values.map((value) => (typeof value === "object" ? JSON.stringify(value) : value)));
}
