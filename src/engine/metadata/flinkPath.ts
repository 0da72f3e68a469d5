/**
 * A path as Flink writes it into metadata. It looks like a URI but is none: nothing in it is percent-encoded, so `%20` is
 * part of a name. Source: org.apache.flink.core.fs.Path.
 */
export interface FlinkPath {
  /** `file`, `hdfs`, `s3` …; null for a plain path. */
  scheme: string | null;
  authority: string | null;
  /** With single forward slashes and without `.`, `..` or a slash at the end. A Windows drive is `/C:/…`. */
  path: string;
}

const WINDOWS_DRIVE = /^[a-zA-Z]:/;

/** Takes a path apart as `Path(String)` does. */
export function parseFlinkPath(text: string): FlinkPath {
  let rest = WINDOWS_DRIVE.test(text) ? `/${text}` : text;
  let scheme: string | null = null;
  let authority: string | null = null;
  const colon = rest.indexOf(':');
  const slash = rest.indexOf('/');
  if (colon > 0 && (slash === -1 || colon < slash)) {
    scheme = rest.slice(0, colon);
    rest = rest.slice(colon + 1);
  }
  if (rest.startsWith('//') && rest.length > 2) {
    const end = rest.indexOf('/', 2);
    authority = end === -1 ? rest.slice(2) : rest.slice(2, end);
    rest = end === -1 ? '' : rest.slice(end);
  }
  return { scheme, authority: authority === '' ? null : authority, path: normalize(rest) };
}

/** As `java.net.URI#normalize`: a `..` goes back one segment, and stays where there is none. */
function normalize(path: string): string {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = segments.at(-1);
    if (segment === '..' && last !== undefined && last !== '..') segments.pop();
    else segments.push(segment);
  }
  return (/^[\\/]/.test(path) ? '/' : '') + segments.join('/');
}

/** The file on this machine that the path means; null where it means another file system. */
export function localPathOf(path: FlinkPath): string | null {
  if (path.scheme !== null && path.scheme !== 'file') return null;
  return /^\/[a-zA-Z]:/.test(path.path) ? path.path.slice(1) : path.path;
}

/** Names along the path, from the root on. */
export const segmentsOf = (path: FlinkPath): string[] => path.path.split('/').filter((s) => s !== '');
