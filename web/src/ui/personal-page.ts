/*
 * Where the account page stands in Jira: /jira/settings/personal/apps/{appId}/{envId} (jira:personalSettingsPage). Both ids are
 * in the `localId` of any of the app's modules: ari:cloud:ecosystem::extension/{appId}/{envId}/static/{moduleKey}.
 */
import { router, view } from '@forge/bridge';

const kLocalId = /extension\/([^/]+)\/([^/]+)\//;

/** From an issue the way back to it goes along: `…/from/{issue key}`. */
export async function openPersonalPage(): Promise<void> {
  const { localId, extension } = await view.getContext();
  const [, app, environment] = kLocalId.exec(localId) ?? [];
  if (!app || !environment) throw new Error('the page does not know its app id');
  const key: unknown = extension?.issue?.key;
  await router.navigate(`/jira/settings/personal/apps/${app}/${environment}${typeof key === 'string' ? `/from/${key}` : ''}`);
}
