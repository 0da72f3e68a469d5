import { EngineError } from '../src/engine/bytes/engineError';
import { type HostSide, type PageSide, packedPort } from '../src/protocol';
import { type Handlers, type Listeners, Peer, type Side } from '../src/rpc/peer';

export type Host = Peer<PageSide, HostSide>;

/**
 * The line to the extension. A page may be thrown away and made anew while the extension still answers the old one; ids
 * begin at the page's birth, so that no answer to the old page is taken for one to the new.
 */
export function connect<Page extends Side & { methods: Record<never, never> }, Extension extends Side>(
  api: VsCodeApi,
  listeners: Listeners<Page>,
): Peer<Page, Extension> {
  const port = packedPort({
    post: (message) => api.postMessage(message),
    receive: (listener) => window.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
  });
  const firstId = Math.floor(performance.timeOrigin) * 1000;
  const host = new Peer<Page, Extension>(port, {} as Handlers<Page>, listeners, firstId);
  window.addEventListener('pagehide', () => host.close(new EngineError('CANCELLED', 'The page was closed.')));
  return host;
}
