// What @forge/manifest does not catch, and what Belay has pinned. Each rule takes the parsed manifest and gives a list of
// complaints, empty when all is well.

// Atlassian's events that an app may listen to; a made-up name passes @forge/manifest and then never fires.
const knownEvents = new Set([
  'avi:forge:installed:app',
  'avi:forge:upgraded:app',
  'avi:jira:created:issue',
  'avi:jira:updated:issue',
  'avi:jira:deleted:issue',
  'avi:jira:assigned:issue',
  'avi:jira:viewed:issue',
  'avi:jira:mentioned:issue',
  'avi:jira:commented:issue',
  'avi:jira:mentioned:comment',
  'avi:jira:deleted:comment',
  'avi:jira:created:worklog',
  'avi:jira:updated:worklog',
  'avi:jira:deleted:worklog',
]);

export const pinnedScopes = [
  'read:jira-work',
  'write:jira-work',
  'read:jira-user',
  'read:email-address:jira',
  'read:servicedesk-request',
  'write:servicedesk-request',
  'manage:servicedesk-customer',
  'read:app-system-token',
  'read:app-user-token',
  'report:personal-data',
];

// A further one is a major version that every admin has to approve.
export const pinnedImageHosts = ['https://*.atl-paas.net', 'https://secure.gravatar.com', 'https://*.wp.com', 'https://*.teamviewer.com'];

const uiModules = ['jira:issueContext', 'jira:adminPage', 'jira:personalSettingsPage', 'jira:globalPage', 'jira:projectSettingsPage', 'jiraServiceManagement:portalRequestDetailPanel', 'jiraServiceManagement:queuePage'];

const list = (value) => (Array.isArray(value) ? value : []);
const endpoints = (manifest) => list(manifest.modules?.endpoint);

export function eventNamesExist(manifest) {
  return list(manifest.modules?.trigger).flatMap((trigger) =>
    list(trigger.events)
      .filter((event) => !knownEvents.has(event))
      .map((event) => `trigger ${trigger.key}: Atlassian has no event ${event}`),
  );
}

export function remotesAreHttps(manifest) {
  return list(manifest.remotes).flatMap((remote) => {
    const addresses = typeof remote.baseUrl === 'object' ? Object.values(remote.baseUrl) : [remote.baseUrl];
    return addresses
      .filter((address) => address !== undefined && !String(address).startsWith('https://'))
      .map((address) => `remote ${remote.key}: ${address} is not https`);
  });
}

export function tokenScopesArePresent(manifest) {
  const scopes = new Set(list(manifest.permissions?.scopes));
  const wanted = { appSystemToken: 'read:app-system-token', appUserToken: 'read:app-user-token' };
  return endpoints(manifest).flatMap((endpoint) =>
    Object.entries(wanted)
      .filter(([token, scope]) => endpoint.auth?.[token]?.enabled === true && !scopes.has(scope))
      .map(([token, scope]) => `endpoint ${endpoint.key}: ${token} needs the scope ${scope}`),
  );
}

export function configurableRemotesAreNotFetched(manifest) {
  const configurable = new Set(list(manifest.remotes).filter((remote) => remote.configurable).map((remote) => remote.key));
  const fetch = manifest.permissions?.external?.fetch ?? {};
  return Object.entries(fetch).flatMap(([side, targets]) =>
    list(targets)
      .filter((target) => configurable.has(target?.remote))
      .map((target) => `external.fetch.${side}: the configurable remote ${target.remote} cannot be used there`),
  );
}

/** A remote that the permissions do not declare is not reached, and nobody is told. */
export function remotesAreDeclared(manifest) {
  const external = manifest.permissions?.external ?? {};
  const fetched = new Set(Object.values(external.fetch ?? {}).flatMap(list).map((target) => target?.remote));
  return list(manifest.remotes).flatMap((remote) => {
    if (remote.configurable) return external.configurable?.enabled === true ? [] : [`remote ${remote.key}: permissions.external.configurable is not enabled`];
    return fetched.has(remote.key) ? [] : [`remote ${remote.key}: not in permissions.external.fetch`];
  });
}

/** Nothing leaves Jira but to the server that the admin chose, and nothing is loaded but pictures of people. */
export function egressIsThePinnedOne(manifest) {
  const external = manifest.permissions?.external ?? {};
  const hosts = list(external.images).map((image) => image?.address ?? image);
  return [
    ...Object.keys(external).filter((kind) => !['configurable', 'images'].includes(kind)).map((kind) => `external.${kind} is not pinned`),
    ...hosts.filter((host) => !pinnedImageHosts.includes(host)).map((host) => `external.images: ${host} is not pinned`),
    ...pinnedImageHosts.filter((host) => !hosts.includes(host)).map((host) => `external.images: ${host} is missing`),
  ];
}

export function scopesAreThePinnedOnes(manifest) {
  const scopes = list(manifest.permissions?.scopes);
  return [
    ...scopes.filter((scope) => !pinnedScopes.includes(scope)).map((scope) => `scope ${scope} is not pinned`),
    ...pinnedScopes.filter((scope) => !scopes.includes(scope)).map((scope) => `scope ${scope} is missing`),
  ];
}

export function pagesReachTheServerWithBothTokens(manifest) {
  return uiModules.flatMap((name) => {
    const modules = list(manifest.modules?.[name]);
    if (modules.length === 0) return [`${name} is missing`];
    return modules.flatMap((module) => {
      const endpoint = endpoints(manifest).find((candidate) => candidate.key === module.resolver?.endpoint);
      if (!endpoint) return [`${name} ${module.key}: no resolver endpoint`];
      return ['appSystemToken', 'appUserToken']
        .filter((token) => endpoint.auth?.[token]?.enabled !== true)
        .map((token) => `${name} ${module.key}: endpoint ${endpoint.key} has no ${token}`);
    });
  });
}

/**
 * Customers reach their page in the portal, and nobody else who has no licence reaches any: only for customers does Forge make calls in their own
 * name, by which the server knows what they may see.
 */
export function portalIsForCustomers(manifest) {
  return Object.entries(manifest.modules ?? {}).flatMap(([name, modules]) => list(modules).flatMap(({ key, unlicensedAccess }) => {
    const wanted = name.startsWith('jiraServiceManagement:portal') ? 'customer' : '';
    return list(unlicensedAccess).join() === wanted ? [] : [`${name} ${key}: unlicensedAccess is [${list(unlicensedAccess)}], not [${wanted}]`];
  }));
}

export function adminPageStandsInBothPlaces(manifest) {
  const pages = list(manifest.modules?.['jira:adminPage']);
  const asConfig = pages.filter((page) => page.useAsConfig === true).length;
  return pages.length === 2 && asConfig === 1 ? [] : ['jira:adminPage: wanted once as admin page and once with useAsConfig'];
}

// Through a function the token that the hourly call brings could be nearly used up.
export function hourlyCallGoesStraightToAnEndpoint(manifest) {
  const hourly = list(manifest.modules?.scheduledTrigger).filter((trigger) => trigger.interval === 'hour');
  const keys = new Set(endpoints(manifest).map((endpoint) => endpoint.key));
  if (hourly.length === 0) return ['scheduledTrigger: none with interval hour'];
  return hourly
    .filter((trigger) => trigger.function !== undefined || !keys.has(trigger.endpoint))
    .map((trigger) => `scheduledTrigger ${trigger.key}: has to name an endpoint`);
}

/** The server learns of the beginning and the end of an installation, each through an endpoint of its own path. */
export function lifecycleIsHeard(manifest) {
  const routed = new Set(endpoints(manifest).filter((endpoint) => endpoint.route?.path).map((endpoint) => endpoint.key));
  const heard = new Set(list(manifest.modules?.trigger).filter((trigger) => routed.has(trigger.endpoint)).flatMap((trigger) => list(trigger.events)));
  const leaving = list(manifest.modules?.preUninstall).some((hook) => routed.has(hook.endpoint));
  return [
    ...['avi:forge:installed:app', 'avi:forge:upgraded:app'].filter((event) => !heard.has(event)).map((event) => `no endpoint hears of ${event}`),
    ...(leaving ? [] : ['preUninstall: no endpoint hears of it']),
  ];
}

/** `pages`: what the build makes, one folder of static/ each. All are shown somewhere, and nothing else is. */
export function resourcesAreTheBuiltPages(manifest, pages) {
  const shown = new Set(Object.values(manifest.modules ?? {}).flatMap(list).flatMap((module) => [module.resource, module.config?.resource]));
  const resources = list(manifest.resources);
  return [
    ...resources.filter(({ path }) => !pages.some((page) => path === `static/${page}`)).map(({ key, path }) => `resource ${key}: the build makes no ${path}`),
    ...resources.filter(({ key }) => !shown.has(key)).map(({ key }) => `resource ${key}: no module shows it`),
    ...pages.filter((page) => !resources.some(({ path }) => path === `static/${page}`)).map((page) => `the page ${page} is no resource`),
  ];
}

/** Automation shows what a provider names, and acts in the name of a person: the endpoint needs their token. */
export function actionsActForAPerson(manifest) {
  const actions = list(manifest.modules?.action);
  const shown = new Set(list(manifest.modules?.['automation:actionProvider']).flatMap((provider) => list(provider.actions)));
  return [
    ...actions.filter(({ key }) => !shown.has(key)).map(({ key }) => `action ${key}: no automation:actionProvider names it`),
    ...[...shown].filter((key) => !actions.some((action) => action.key === key)).map((key) => `automation:actionProvider: there is no action ${key}`),
    ...actions.filter(({ config }) => !config?.resource).map(({ key }) => `action ${key}: no form to fill it in`),
    ...actions.filter(({ endpoint }) => endpoints(manifest).find(({ key }) => key === endpoint)?.auth?.appUserToken?.enabled !== true)
      .map(({ key, endpoint }) => `action ${key}: endpoint ${endpoint} has no appUserToken`),
  ];
}

/** `openapi`: the parsed docs/openapi.yaml. What an action may send is what the API takes, and what it gives is what the API answers. */
export function actionsAreInTheApi(manifest, openapi) {
  const { AutomationInputs: inputs, AutomationDone: done } = openapi.components.schemas;
  const typeOf = (schema) => (schema.$ref ? openapi.components.schemas[schema.$ref.split('/').at(-1)] : schema).type;
  return list(manifest.modules?.action).flatMap((action) => [
    ...Object.entries(action.inputs ?? {}).filter(([name, { type }]) => !inputs.properties[name] || typeOf(inputs.properties[name]) !== type).map(([name]) => `action ${action.key}: the API takes no input ${name} of that type`),
    ...Object.entries(action.inputs ?? {}).filter(([name, { required }]) => required !== inputs.required.includes(name)).map(([name]) => `action ${action.key}: whether ${name} is required`),
    ...Object.keys(inputs.properties).filter((name) => name !== 'context' && !action.inputs?.[name]).map((name) => `action ${action.key}: no input ${name}`),
    ...Object.entries(action.outputs ?? {}).filter(([name, { type }]) => !done.properties[name] || typeOf(done.properties[name]) !== type).map(([name]) => `action ${action.key}: the API gives no ${name} of that type`),
  ]);
}

/** `openapi`: the parsed docs/openapi.yaml. */
export function eventPathsAreInTheApi(manifest, openapi) {
  const names = openapi.paths['/v1/forge/events/{name}'].post.parameters.find((parameter) => parameter.name === 'name').schema.enum;
  const allowed = new Set([...names.map((name) => `/v1/forge/events/${name}`), ...Object.keys(openapi.paths).filter((path) => path.startsWith('/v1/automation/'))]);
  return endpoints(manifest)
    .filter((endpoint) => endpoint.route && !allowed.has(endpoint.route.path))
    .map((endpoint) => `endpoint ${endpoint.key}: the API has no ${endpoint.route.path}`);
}

/** `catalogues`: locale code -> parsed translation file. */
export function titlesAreTranslated(manifest, catalogues) {
  const keys = new Set();
  const walk = (value) => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value && typeof value === 'object') {
      if (typeof value.i18n === 'string') keys.add(value.i18n);
      Object.values(value).forEach(walk);
    }
  };
  walk(manifest.modules);
  const find = (catalogue, key) => key.split('.').reduce((node, part) => node?.[part], catalogue);
  return Object.entries(catalogues).flatMap(([locale, catalogue]) =>
    [...keys].filter((key) => typeof find(catalogue, key) !== 'string').map((key) => `${locale}: no words for ${key}`),
  );
}
