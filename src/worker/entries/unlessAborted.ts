/** What comes of `work`, or `stopped` as soon as nobody waits for it any more; it goes on all the same. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'stopped'> {
  let stop = (): void => {};
  const stopped = new Promise<'stopped'>((resolve) => {
    stop = () => resolve('stopped');
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
