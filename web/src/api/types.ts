// Short names for the shapes of docs/openapi.yaml, from which schema.d.ts is generated.
import type { components } from './schema';

type Schemas = components['schemas'];

export type AccountAnswer = Schemas['AccountAnswer'];
export type AccountLink = Schemas['AccountLink'];
export type CreateDefaults = Schemas['CreateDefaults'];
export type EligibleLicences = Schemas['EligibleLicences'];
export type ErrorAnswer = Schemas['Error'];
export type ErrorCode = Schemas['ErrorCode'];
export type HealthLine = Schemas['HealthLine'];
export type Installation = Schemas['Installation'];
export type Invitation = Schemas['Invitation'];
export type IssuePerson = Schemas['IssuePerson'];
export type Language = Schemas['Language'];
export type Licence = Schemas['Licence'];
export type LinksAnswer = Schemas['LinksAnswer'];
export type Missing = Schemas['Missing'];
export type PairingAnswer = Schemas['PairingAnswer'];
export type Panel = Schemas['Panel'];
export type PanelAnswer = Schemas['PanelAnswer'];
export type PreviewAnswer = Schemas['PreviewAnswer'];
export type ProviderAccount = Schemas['ProviderAccount'];
export type Session = Schemas['Session'];
export type SessionAction = Schemas['SessionAction'];
export type SessionAnswer = Schemas['SessionAnswer'];
export type SessionConnect = Schemas['SessionConnect'];
export type SessionCreate = Schemas['SessionCreate'];
export type SessionCreated = Schemas['SessionCreated'];
export type SessionState = Schemas['SessionState'];
export type SettingsAnswer = Schemas['SettingsAnswer'];
export type SettingsUpdate = Schemas['SettingsUpdate'];
export type StepError = Schemas['StepError'];
export type TextProblem = Schemas['TextProblem'];
export type UrlAnswer = Schemas['UrlAnswer'];
export type Viewer = Schemas['Viewer'];
