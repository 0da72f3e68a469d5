import { MemoryStore } from './memoryStore';

export const TUPLE = 'org.apache.flink.api.java.typeutils.runtime.TupleSerializerSnapshot';
export const ENUM = 'org.apache.flink.api.common.typeutils.base.EnumSerializer$EnumSerializerSnapshot';
export const INT = 'org.apache.flink.api.common.typeutils.base.IntSerializer$IntSerializerSnapshot';

/** The name of a job's class that is as long as that of Flink's. */
export const jobsOwn = (flinkClass: string, name: string): string => `com.acme.${name}`.padEnd(flinkClass.length, '_');

/** A snapshot whose values of some of Flink's classes were written by classes of the job: those have names as long, and take their places. */
export function withJobsOwn(folder: string, classes: Readonly<Record<string, string>>): MemoryStore {
  const store = MemoryStore.ofFolder(folder);
  for (const [flinkClass, name] of Object.entries(classes)) {
    const own = Buffer.from(jobsOwn(flinkClass, name), 'latin1');
    for (const bytes of store.files.values()) {
      const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = file.indexOf(flinkClass); at >= 0; at = file.indexOf(flinkClass, at + 1)) own.copy(file, at);
    }
  }
  return store;
}
