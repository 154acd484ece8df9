// How the sentences of i18n/ are written. Each rule takes a catalogue and gives a list of complaints.

const complain = (catalogue, wrong, what) =>
  Object.entries(catalogue).filter(([, text]) => wrong.test(text)).map(([key, text]) => `${key}: ${what}: ${text}`);

/** French puts a space that does not break before ; ! ? » and after «, U+202F, and before : U+00A0. Never at a line's end, so never an ordinary one. */
export const frenchSpaces = (catalogue) => [
  ...complain(catalogue, /[^\u202f]»|«[^\u202f]/u, 'a quotation mark without U+202F inside'),
  ...complain(catalogue, /[^\u202f][;!?]/u, 'no U+202F before ; ! ?'),
  ...complain(catalogue, /[^\u00a0]:(?!\/\/)/u, 'no U+00A0 before a colon'),
];

export const oneApostrophe = (catalogue) => complain(catalogue, /'/, 'an apostrophe that is not ’');

/** A number of seconds is nothing that people reckon with, and a number of bytes neither. */
export const readableAmounts = (catalogue) => complain(catalogue, /\{(?:retryAfter|bytes)\}|\bbytes\b|\boctets\b|\b(?:seconds|secondes)\b/i, 'a raw amount');

/** Who reads another name for a place than the place has looks for it in vain. */
export const onePathToPlaces = (catalogue, { admin, account }) =>
  Object.entries(catalogue)
    .filter(([key, text]) => /personal page|page personnelle|under Apps|sous Applications/i.test(text) || (/Belay >|> Belay/.test(text) && !text.includes(admin)) || (/avatar/.test(text) && !text.includes(account)))
    .map(([key]) => `${key}: names a place by other words`);

/** A refused request changed nothing and nothing follows of it; what goes on by itself is said of steps alone. */
export const refusalsPromiseNothing = (catalogue, byItself) =>
  Object.entries(catalogue)
    .filter(([key]) => /^error\.(provider|jira)_(unreachable|rate_limited|token_missing)(\.in)?$/.test(key))
    .filter(([, text]) => byItself.test(text))
    .map(([key]) => `${key}: promises that it goes on`);
