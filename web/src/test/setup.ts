import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';
import { bridge } from './bridge';

// Before any page is imported: @forge/bridge looks for it as it loads.
Object.assign(globalThis, { __bridge: bridge });

// As in the built pages: no experiments (vite/lean.mjs).
Object.assign(globalThis, { __PLATFORM_FEATURE_FLAGS__: { booleanResolver: () => false } });

// jsdom has no media queries; Atlaskit's tokens ask for one as they load.
window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false, onchange: null, addListener: () => undefined, removeListener: () => undefined });

// The whole document in every failure hides what failed.
configure({ getElementError: (message) => new Error(message ?? 'not found') });

beforeEach(() => bridge.reset());
afterEach(() => cleanup());
