import type { SnapshotDescription } from '../engine/description';
import { WRITTEN_BY } from '../engine/metadata/metadataFile';
import type { MetadataVersion } from '../engine/metadata/model';
import type { Translate } from '../view/translate';
import { type Asker, ask, type Question } from './asker';

export interface WantedCopy {
  /** Null for that of the source. */
  metadataVersion: MetadataVersion | null;
  /** Copy at once, or write a plan to add steps to. */
  outcome: 'copy' | 'plan';
}

/** Versions that a copy can have. Paths that are relative came with 3; without files 2 will do. */
const VERSIONS: readonly MetadataVersion[] = [6, 5, 4, 3, 2];

/** Asks what a copy is to be. Null where the person left. */
export async function copyForm(
  snapshot: Pick<SnapshotDescription, 'metadataVersion' | 'files'>,
  asker: (number: number) => Asker,
  t: Translate,
): Promise<WantedCopy | null> {
  const wanted: WantedCopy = { metadataVersion: null, outcome: 'copy' };

  const version: Question = async (asker) => {
    const possible = VERSIONS.filter((v) => v > 2 || snapshot.files.length === 0);
    wanted.metadataVersion = await asker.pick<MetadataVersion | null>({
      prompt: t('Metadata version of the copy: which Flink is to read it?'),
      choices: [
        { label: t('As it is'), description: t('metadata version {0}', snapshot.metadataVersion), value: null },
        ...possible.map((v) => ({ label: t('metadata version {0}', v), description: WRITTEN_BY[v], value: v })),
      ],
      active: wanted.metadataVersion,
    });
    return what;
  };
  const what: Question = async (asker) => {
    wanted.outcome = await asker.pick<WantedCopy['outcome']>({
      prompt: t('Copy every file into a new folder, with relative paths'),
      choices: [
        { label: t('Copy Now…'), detail: t('Choose the folder; every byte is compared afterwards'), value: 'copy' },
        { label: t('Write a Plan'), detail: t('To add changes before it is copied'), value: 'plan' },
      ],
      active: wanted.outcome,
    });
    return null;
  };

  return (await ask(asker, version)) ? wanted : null;
}
