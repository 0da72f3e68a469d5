import { EngineError } from '../src/engine/bytes/engineError';
import { type HostSide, type PageSide, packedPort } from '../src/protocol';
import { type Listeners, Peer } from '../src/rpc/peer';

export type Host = Peer<PageSide, HostSide>;

/**
 * The line to the extension. A page may be thrown away and made anew while the extension still answers the old one; ids
 * begin at the page's birth, so that no answer to the old page is taken for one to the new.
 */
export function connect(api: VsCodeApi, listeners: Listeners<PageSide>): Host {
  const port = packedPort({
    post: (message) => api.postMessage(message),
    receive: (listener) => window.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
  });
  const firstId = Math.floor(performance.timeOrigin) * 1000;
  const host: Host = new Peer<PageSide, HostSide>(port, {}, listeners, firstId);
  window.addEventListener('pagehide', () => host.close(new EngineError('CANCELLED', 'The page was closed.')));
  return host;
}
