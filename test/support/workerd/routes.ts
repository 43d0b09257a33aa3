import { env } from "cloudflare:workers";
import { createApp } from "../../../src/app.ts";
import { forPeople } from "../../../src/http/browser/for-people.ts";
import { browserMayCall } from "../../../src/http/cors.ts";
import { createFoundation, createServices } from "../../../src/services.ts";

/** Every route as the server itself knows them. */
function everyRoute() {
  return createApp(createServices(env, createFoundation(env))).routes;
}

/** The path of a route with something made up where a parameter stands that is not given. */
export function pathOfRoute(route: string, given: Readonly<Record<string, string>> = {}): string {
  return route.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_, name) => given[name] ?? "A".repeat(22));
}

/** Every path that a browser may open. @param given for parameters, where something made up will not do */
export function everyPath(given: Readonly<Record<string, string>> = {}): readonly string[] {
  const opened = everyRoute().filter(({ method, path }) => /^(?:GET|ALL)$/.test(method) && !path.includes("*"));
  return [...new Set(opened.map(({ path }) => pathOfRoute(path, given)))];
}

/** Every route of pages for people that takes this method. */
export function everyRouteOfPages(method: "GET" | "POST"): readonly string[] {
  const { ofPages } = sortedRoutes();
  return [...new Set(ofPages.filter((route) => route.method === method).map(({ path }) => path))];
}

/** Of all that is said about paths, the most particular counts. */
function sortedRoutes() {
  const routes = everyRoute();
  const told = routes.filter(({ handler }) => handler === forPeople || handler === browserMayCall);
  const isOfPage = ({ path }: { readonly path: string }) => {
    const about = told.filter((one) => `${path}/`.startsWith(one.path.replace("*", "")));
    return about.toSorted((one, other) => other.path.length - one.path.length)[0]?.handler === forPeople;
  };
  return { ofPages: routes.filter(isOfPage), others: routes.filter((route) => !isOfPage(route)) };
}

/** Every method of every path that programs call, such as `GET /owner/policies/{id}`: neither pages nor what they load. */
export function everyCallOfPrograms(): readonly string[] {
  const calls = sortedRoutes().others.filter(({ path }) => path !== "/" && !path.startsWith("/static/"));
  return methodsOf(calls);
}

/** Every method of every path below this one, such as `GET /owner/policies/{id}`. */
export function everyMethodBelow(path: string): readonly string[] {
  return methodsOf(everyRoute().filter((route) => route.path.startsWith(`${path}/`)));
}

function methodsOf(routes: readonly { readonly method: string; readonly path: string }[]): readonly string[] {
  const served = routes.filter(({ method }) => method !== "ALL");
  return [...new Set(served.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`))];
}
