import { isOperatorId, operatorIdOfUid } from '../engine/metadata/operatorId';
import type { GivenName } from '../view/givenNames';

/** Names that a person gave to operators, as they stand in the settings: operator id to uid or name. What is none of it is left out. */
export function handNames(setting: unknown): Map<string, GivenName> {
  const names = new Map<string, GivenName>();
  if (typeof setting !== 'object' || setting === null) return names;
  for (const [key, value] of Object.entries(setting)) {
    const id = key.toLowerCase();
    if (!isOperatorId(id) || typeof value !== 'string' || value === '') continue;
    const isUid = operatorIdOfUid(value) === id;
    const given = { label: isUid ? null : value, by: 'settings', place: null } as const;
    names.set(id, { uid: isUid ? value : null, given });
  }
  return names;
}
