/*
 * Where the account page stands in Jira: /jira/settings/personal/apps/{appId}/{envId} (jira:personalSettingsPage). Both ids are
 * in the `localId` of any of the app's modules: ari:cloud:ecosystem::extension/{appId}/{envId}/static/{moduleKey}.
 */
import { router, view } from '@forge/bridge';

const kLocalId = /extension\/([^/]+)\/([^/]+)\//;

export async function openPersonalPage(): Promise<void> {
  const { localId } = await view.getContext();
  const [, app, environment] = kLocalId.exec(localId) ?? [];
  if (!app || !environment) throw new Error('the page does not know its app id');
  await router.navigate(`/jira/settings/personal/apps/${app}/${environment}`);
}
