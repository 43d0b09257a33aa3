import { describe, expect, it } from "vitest";
import { isPublicUrl } from "../../src/shared/public-host.ts";

const PUBLIC = "https://as.example";
const LOCAL = "http://localhost:8787";

describe("a host that is not public", () => {
  it.each([
    ...["localhost", "localhost.", "api.localhost", "idp", "idp.", "a..", "idp.internal..", "a..example"],
    ...[
      "idp.local",
      "idp.internal",
      "IDP.Internal.",
      "router.home.arpa",
      "1.0.0.10.in-addr.arpa",
      "idp.lan",
      "nas.home",
    ],
    ...["vault.corp", "exchange.mail", "idp.intranet", "idp.private", "host.localdomain", "idp.test", "idp.invalid"],
    ...["kubernetes.default.svc", "keys.default.svc.cluster.local", "keys.service.consul", "abc.onion", "abc.alt"],
    ...["metadata.google.internal", "ｉｄｐ.ｌａｎ", "idp。lan"],
  ])("by its name: %s", (host) => {
    expect(isPublicUrl(`https://${host}/jwks`, PUBLIC)).toBe(false);
    expect(isPublicUrl(`https://${host}:8443/jwks`, LOCAL)).toBe(host === "localhost");
  });

  it.each([
    ...["127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "１２７.0.0.1"],
    ...["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
    ...["0.1.2.3", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"],
    ...["240.0.0.1", "255.255.255.255"],
  ])("by its IPv4 address: %s", (host) => {
    expect(isPublicUrl(`https://${host}/jwks`, PUBLIC)).toBe(false);
  });

  it.each([
    ...["::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"],
    ...[
      "::ffff:0:127.0.0.1",
      "64:ff9b::7f00:1",
      "64:ff9b::8.8.8.8",
      "64:ff9b:1::1",
      "2002:7f00:1::",
      "2002:808:808::1",
    ],
    ...[
      "2001::1",
      "2001:0:4136:e378:8000:63bf:3fff:fdd2",
      "2001:db8::1",
      "3fff::1",
      "2001:20::1",
      "fe80::1",
      "febf::1",
    ],
    ...["fec0::1", "fc00::1", "fd00::1", "ff02::1", "100::1", "1::1", "4000::1", "5f00::1"],
  ])("by its IPv6 address: %s", (host) => {
    expect(isPublicUrl(`https://[${host}]/jwks`, PUBLIC)).toBe(false);
  });
});

it.each([
  "https://8.8.8.8/jwks",
  "https://[2606:4700::1111]/jwks",
  "https://[2a00:1450:4001::1]/jwks",
  "https://idp.example:8443/jwks",
  "https://idp.example./jwks",
  "https://home.example/jwks",
  "https://local.svc.example/jwks",
  "https://xn--mnchen-3ya.example/jwks",
])("%s is public", (url) => {
  expect(isPublicUrl(url, PUBLIC)).toBe(true);
  expect(isPublicUrl(url, LOCAL)).toBe(true);
});

it("loopback is in order for a server that runs there itself", () => {
  for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
    expect(isPublicUrl(`http://${host}:9000/jwks`, LOCAL)).toBe(true);
    expect(isPublicUrl(`https://${host}:9000/jwks`, LOCAL)).toBe(true);
    expect(isPublicUrl(`http://${host}:9000/jwks`, PUBLIC)).toBe(false);
  }
  expect(isPublicUrl("https://127.0.0.2/jwks", LOCAL)).toBe(false);
  expect(isPublicUrl("https://[::127.0.0.1]/jwks", LOCAL)).toBe(false);
});
