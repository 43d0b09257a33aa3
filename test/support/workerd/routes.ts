import { env } from "cloudflare:workers";
import { createApp } from "../../../src/app.ts";
import { forPeople } from "../../../src/http/browser/for-people.ts";
import { createFoundation, createServices } from "../../../src/services.ts";

/** Every route as the server itself knows them. */
function everyRoute() {
  return createApp(createServices(env, createFoundation(env))).routes;
}

/** The path of a route with something made up where a parameter stands that is not given. */
export function pathOfRoute(route: string, given: Readonly<Record<string, string>> = {}): string {
  return route.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_, name) => given[name] ?? "A".repeat(22));
}

/** Every path that a browser may open. */
export function everyPath(): readonly string[] {
  const opened = everyRoute().filter(({ method, path }) => /^(?:GET|ALL)$/.test(method) && !path.includes("*"));
  return [...new Set(opened.map(({ path }) => pathOfRoute(path)))];
}

/** Every route of pages for people that takes this method. */
export function everyRouteOfPages(method: "GET" | "POST"): readonly string[] {
  const routes = everyRoute();
  const pages = routes.filter(({ handler }) => handler === forPeople).map(({ path }) => path.replace("/*", ""));
  const isOfPage = (path: string) => pages.some((page) => path === page || path.startsWith(`${page}/`));
  return [
    ...new Set(routes.filter((route) => route.method === method && isOfPage(route.path)).map(({ path }) => path)),
  ];
}

/** Every method of every path below this one, such as `GET /owner/policies/{id}`. */
export function everyMethodBelow(path: string): readonly string[] {
  const served = everyRoute().filter((route) => route.path.startsWith(`${path}/`) && route.method !== "ALL");
  return [...new Set(served.map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, "{$1}")}`))];
}
