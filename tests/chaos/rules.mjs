// Fault rules of the sandbox (docs/sandbox/faults.schema.json), in short.
const rule = (party) => (method, path, match = {}, does = {}) => ({ match: { party, method, path, ...match }, ...does });

export const provider = rule('teamviewer');
export const jira = rule('jira');
/** The one request that `id` names is held, before its effect or after it. */
export const holding = (id, moment, one) => ({ id, ...one, hold: moment, times: 1 });
