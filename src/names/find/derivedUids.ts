import type { Candidate } from './candidate';

/**
 * The uids that Flink makes of the uid of a sink, whose writer keeps that uid as it is.
 * Source: org.apache.flink.streaming.runtime.translators.SinkTransformationTranslator, `concatUid` (since 1.15); of its
 * custom topologies those of FileSink.
 */
const OF_SINKS: readonly ((uid: string) => string)[] = [
  (uid) => `Sink Committer: ${uid}`,
  (uid) => `Sink ${uid} Global Committer`,
  (uid) => `${uid}: FileSinkCompactorCoordinator`,
  (uid) => `${uid}: FileSinkCompactorOperator`,
];

/** The same candidates, and for those that are meant as uids what Flink makes of them. */
export function* withDerivedUids(candidates: Iterable<Candidate>): Generator<Candidate> {
  for (const candidate of candidates) {
    yield candidate;
    if (candidate.use !== 'uid') continue;
    for (const made of OF_SINKS) yield { ...candidate, text: made(candidate.text) };
  }
}
