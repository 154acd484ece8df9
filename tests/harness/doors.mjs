// What has to be true before anybody can work: TeamViewer knows our return address, the admin let the app reach our server, and the
// installation is paired with it.

/** The operator's and the admin's part outside belayd: the redirect URI of the apps at TeamViewer. */
export function registerRedirect({ sandbox, publicUrl, apps }) {
  const redirectUris = [`${publicUrl}/oauth/teamviewer/callback`];
  return sandbox.change({ teamviewer: { apps: apps.map((app) => ({ ...app, redirectUris })) } });
}

/** The admin sets the address of the company's server (customer-managed remote). Forge's events go there from now on. */
export async function allowRemote({ sandbox, publicUrl, installation = sandbox.addresses.installation_id }) {
  await sandbox.change({ forge: { remote: { installation, key: 'belay-server', baseUrl: publicUrl } } });
}

/** The admin types the code of `belayd pair` into the admin page. */
export async function pair({ belayd, admin, site }) {
  return admin.expect(200, 'POST', '/v1/pairing', { code: await belayd.pairingCode(site) });
}
