// A certified OpenID provider on loopback. Who logs in is who types the name; `people` (JSON in argv) says the groups.
// usage: node provider.mjs PORT CLIENT SECRET REDIRECT_URI PEOPLE_JSON
import Provider from "oidc-provider";

const [port, client_id, client_secret, redirect_uri, people] = process.argv.slice(2);
const groups = JSON.parse(people);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id, client_secret,
    redirect_uris: [redirect_uri],
    post_logout_redirect_uris: [redirect_uri],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  claims: { openid: ["sub"], profile: ["name"], email: ["email"], groups: ["groups"] },
  scopes: ["openid", "profile", "email", "groups"],
  conformIdTokenClaims: false,
  cookies: { keys: ["a key of the tests"] },
  ttl: { IdToken: 3600, AccessToken: 600, AuthorizationCode: 60, Grant: 3600, Interaction: 600, Session: 3600 },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, groups: groups[id] ?? [] }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
