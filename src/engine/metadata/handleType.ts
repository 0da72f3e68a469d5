/**
 * The byte in front of every state handle.
 * Source: org.apache.flink.runtime.checkpoint.metadata.MetadataV2V3SerializerBase (before 1.11: SavepointV1Serializer and
 * SavepointV2Serializer). A code says its layout in every metadata version: files of version 3 hold codes that are younger.
 */
export const HandleType = {
  null: 0,
  bytes: 1,
  file: 2,
  keyGroups: 3,
  partitionable: 4,
  /** Since 1.3. */
  incremental: 5,
  /** Since 1.11. */
  relative: 6,
  /** Since 1.13. */
  savepointKeyGroups: 7,
  /** Since 1.14, as are the next two. */
  changelog: 8,
  changelogBytes: 9,
  changelogFiles: 10,
  /** Since 1.15, as is the next. */
  incrementalV2: 11,
  keyGroupsV2: 12,
  /** Since 1.16, as is the next. */
  changelogFilesV2: 13,
  changelogV2: 14,
  /** Since 1.20, as are the next two. */
  segment: 15,
  emptySegment: 16,
  segmentPartitionable: 17,
} as const;
