// What a template of ours may hold. Since Jira 10 a template may only ask what is on Jira's list of methods, and everything else is left out without a word;
// getters of an issue's id and key are on it. So: these two references, and nothing else that Velocity reads.
const kAllowed = ['$issue.id', '$issue.key'];

/** What is wrong with it, in words; nothing where all is well. */
export function problemsOf(template) {
  const references = template.match(/\$!?\{?[A-Za-z_][\w.-]*(?:\([^)]*\))?\}?/g) ?? [];
  const refused = references.filter((reference) => !kAllowed.includes(reference)).map((reference) => `${reference} is not one of ${kAllowed.join(', ')}`);
  const rest = references.reduce((text, reference) => text.replace(reference, ''), template);
  const signs = [...new Set(rest.match(/#(?:@?\w+)?|\$|\\|\[\[|\]\]/g) ?? [])].map((sign) => `${sign} means something to Velocity`);
  return [...refused, ...signs];
}
