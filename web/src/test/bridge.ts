/*
 * Jira's side of the bridge, by hand: `globalThis.__bridge` is all that @forge/bridge needs. Answers are judged by the API's
 * document before a page sees them, requests before they are answered.
 */
import { judgeAnswer, judgeRequest } from './contract';

export interface Call {
  method: string;
  path: string;
  body: unknown;
}

interface Answer {
  status: number;
  body: unknown;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

class FakeBridge {
  calls: Call[] = [];
  opened: { url: string; type: string }[] = [];
  context: Record<string, unknown> = {};
  location = { pathname: '/', search: '' };
  replaced: string[] = [];
  remote: string | null = null;
  remoteRefused = false;
  remoteUnknown = false;
  /** What the form of an action gave to its rule, in order. */
  submitted: unknown[] = [];
  listeners = new Map<string, (payload?: unknown) => unknown>();
  /** The person says no when Jira asks whether to leave it. */
  staysInJira = false;
  /** When set: what Forge itself gives back for a call, right or wrong. */
  raw: ((payload: unknown) => Promise<unknown>) | undefined;
  private handlers = new Map<string, Handler>();

  reset() {
    this.calls = [];
    this.opened = [];
    this.replaced = [];
    this.submitted = [];
    this.listeners.clear();
    this.handlers.clear();
    this.location = { pathname: '/', search: '' };
    this.remote = null;
    this.remoteRefused = false;
    this.remoteUnknown = false;
    this.staysInJira = false;
    this.raw = undefined;
    this.context = {
      locale: 'en-US',
      timezone: 'Europe/Paris',
      siteUrl: 'https://acme.example',
      localId: 'ari:cloud:ecosystem::extension/app-1/env-1/static/belay-panel',
      extension: {},
    };
  }

  /** `route`: `GET /v1/panel`, without the query. The last one given wins. */
  on(route: string, handler: Handler | object, status = 200) {
    this.handlers.set(route, typeof handler === 'function' ? (handler as Handler) : () => ({ status, body: handler }));
  }

  refuse(route: string, status: number, error: object) {
    this.on(route, { message: 'said by the server', ...error }, status);
  }

  /** Forge cannot reach the server: invokeRemote rejects. */
  cut(route: string) {
    this.on(route, () => {
      throw new Error('Invoking endpoint failed');
    });
  }

  called(route: string): Call[] {
    return this.calls.filter(({ method, path }) => `${method} ${path.split('?')[0]}` === route);
  }

  callBridge = async (name: string, payload?: unknown): Promise<unknown> => {
    switch (name) {
      case 'invoke':
        if (this.raw) return this.raw(payload);
        return this.invoke(payload as { method: string; path: string; body?: unknown });
      case 'getContext':
        return { ...this.context };
      case 'enableTheming':
        return undefined;
      case 'navigate':
        if (this.staysInJira) throw new Error('the person stayed');
        this.opened.push(payload as { url: string; type: string });
        return undefined;
      case 'submit':
        this.submitted.push(payload);
        return true;
      case 'on': {
        const { event, callback } = payload as { event: string; callback: (payload?: unknown) => unknown };
        this.listeners.set(event, callback);
        return { unsubscribe: () => this.listeners.delete(event) };
      }
      case 'createHistory':
        return { location: this.location, listen: () => undefined, replace: (to: string) => this.replace(to) };
      case '__permission__remoteGet':
        if (this.remoteUnknown) throw new Error('not now');
        return { results: [{ key: 'belay-server', configured: { endpoint: this.remote } }] };
      case '__permission__remoteSet':
        if (this.remoteRefused) throw new Error('declined');
        this.remote = (payload as { remotes: { configured: { endpoint: string } }[] }).remotes[0]?.configured.endpoint ?? null;
        return undefined;
      default:
        throw new Error(`the fake bridge has no ${name}`);
    }
  };

  private replace(to: string) {
    this.replaced.push(to);
    this.location = { pathname: to, search: '' };
  }

  private async invoke({ method, path, body }: { method: string; path: string; body?: unknown }) {
    const call = { method, path, body };
    this.calls.push(call);
    judgeRequest(method, path, body);
    const handler = this.handlers.get(`${method} ${path.split('?')[0]}`);
    if (!handler) throw new Error(`the test has no answer for ${method} ${path}`);
    const answer = await handler(call);
    judgeAnswer(method, path, answer.status, answer.body);
    return { success: true, payload: { status: answer.status, headers: {}, body: structuredClone(answer.body) } };
  }
}

export const bridge = new FakeBridge();
bridge.reset();
