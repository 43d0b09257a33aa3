"""An app and a client on Authlib: the code flow with PKCE, and the UMA grant.

Standard input and output speak with whoever plays the person at the browser, a line of JSON each way.
"""

import json
import os
import sys

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url

UMA_GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
ID_TOKEN_FORMAT = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"

told = json.loads(os.environ["USHER_TOLD"])


def open_in_browser(url):
    print(json.dumps({"open": url}), flush=True)
    return json.loads(sys.stdin.readline())["location"]


def check(what, holds):
    if not holds:
        raise SystemExit(f"failed: {what}")
    print(json.dumps({"shown": what}), flush=True)


def discover(issuer):
    """RFC 8414 §3; Authlib's own check of the document."""
    document = requests.get(get_well_known_url(issuer, external=True), timeout=10).json()
    metadata = AuthorizationServerMetadata(document)
    # Those of its checks that ask for https do not fit a server on loopback.
    for member in ("grant_types_supported", "response_types_supported", "token_endpoint_auth_methods_supported"):
        getattr(metadata, f"validate_{member}")()
    check("discovery: the issuer is the one that was asked", metadata["issuer"] == issuer)
    return metadata


def connect(server, app):
    """The code flow with PKCE (RFC 6749 §4.1, RFC 7636)."""
    session = OAuth2Session(
        app["id"],
        app["secret"],
        redirect_uri=app["redirect_uri"],
        scope="uma_protection uma_policy",
        code_challenge_method="S256",
        token_endpoint=server["token_endpoint"],
        revocation_endpoint_auth_method="client_secret_basic",
    )
    verifier = generate_token(64)
    url, state = session.create_authorization_url(server["authorization_endpoint"], code_verifier=verifier)
    location = open_in_browser(url)
    token = session.fetch_token(authorization_response=location, state=state, code_verifier=verifier)
    check("code flow: an access token and a refresh token", token["access_token"] and token["refresh_token"])
    before = token["access_token"]
    renewed = session.refresh_token(server["token_endpoint"])
    check("refresh: another access token", renewed["access_token"] != before)
    return session


def protect(server, session):
    """A resource, and a policy that shares it (FedAuthz §3)."""
    description = {"name": "Lab report", "resource_scopes": ["view", "edit"]}
    made = session.post(server["resource_registration_endpoint"], json=description)
    check("registration: 201", made.status_code == 201)
    resource = made.json()["_id"]
    policy = {
        "name": "For bob",
        "effect": "permit",
        "target": {"resources": [resource]},
        "scopes": ["view"],
        "who": {"claim": "email", "issuer": told["issuer"], "equals": "bob@example.com"},
    }
    shared = session.post(f"{server['issuer']}/owner/policies?accept=warnings", json=policy)
    check(f"policy: 201 {shared.text if shared.status_code != 201 else ''}".strip(), shared.status_code == 201)
    return resource


def ticket_for(server, session, resource):
    """FedAuthz §4."""
    asked = [{"resource_id": resource, "resource_scopes": ["view", "edit"]}]
    return session.post(server["permission_endpoint"], json=asked).json()["ticket"]


def ask_without_claims(server, session, ticket):
    """The UMA grant, refused: the ticket is spent all the same (Grant §3.3.6, §5.5)."""
    try:
        session.fetch_token(grant_type=UMA_GRANT, ticket=ticket)
        check("need_info: no token without claims", False)
    except OAuthError as refused:
        check("need_info: refused, and told so", refused.error == "need_info")
    try:
        session.fetch_token(grant_type=UMA_GRANT, ticket=ticket)
        check("single use: no token for a spent ticket", False)
    except OAuthError as refused:
        check("single use: the ticket is spent", refused.error == "invalid_grant")


def redeem(session, ticket):
    """The UMA grant with an ID Token (Grant §3.3.1)."""
    return session.fetch_token(
        grant_type=UMA_GRANT,
        ticket=ticket,
        claim_token=told["id_token"],
        claim_token_format=ID_TOKEN_FORMAT,
    )


def introspect(server, session, token):
    """With the PAT in place of client authentication (FedAuthz §5.1)."""
    return session.post(server["introspection_endpoint"], data={"token": token}).json()


def main():
    server = discover(told["origin"])
    owner_session = connect(server, told["app"])
    resource = protect(server, owner_session)
    client = told["client"]
    session = OAuth2Session(client["id"], client["secret"], token_endpoint=server["token_endpoint"])
    ask_without_claims(server, session, ticket_for(server, owner_session, resource))
    rpt = redeem(session, ticket_for(server, owner_session, resource))
    read = introspect(server, owner_session, rpt["access_token"])
    check("RPT: what was shared and no more", [p["resource_scopes"] for p in read["permissions"]] == [["view"]])
    check("RPT: no scope beside its permissions", "scope" not in rpt and "scope" not in read)
    renewed = session.refresh_token(server["token_endpoint"], refresh_token=rpt["refresh_token"])
    check("RPT refreshed", introspect(server, owner_session, renewed["access_token"])["active"])
    ended = session.revoke_token(server["revocation_endpoint"], token=renewed["access_token"])
    check("revocation: 200", ended.status_code == 200)
    check("revoked", introspect(server, owner_session, renewed["access_token"]) == {"active": False})


main()
