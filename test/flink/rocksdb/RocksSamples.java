import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Checkpoint;
import org.rocksdb.ChecksumType;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionOptions;
import org.rocksdb.CompressionOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * Writes small RocksDB databases, one for each combination of table options, with overwrites, deletions of all kinds and
 * merges spread over levels, one whose last changes are only in the write-ahead log, and one whose range deletion reaches
 * beyond the files that hold it; beside each, what RocksDB itself reads out of it, as lines of hexadecimal `key value`.
 */
public class RocksSamples {
  public static void main(String[] args) throws Exception {
    File out = new File(args[0]);
    RocksDB.loadLibrary();
    write(out, "v2-crc32c-none", 2, "kCRC32c", CompressionType.NO_COMPRESSION, IndexType.kBinarySearch, false);
    write(out, "v3-xxhash-snappy", 3, "kxxHash", CompressionType.SNAPPY_COMPRESSION, IndexType.kBinarySearch, false);
    write(out, "v4-xxhash64-lz4", 4, "kxxHash64", CompressionType.LZ4_COMPRESSION, IndexType.kBinarySearch, true);
    write(out, "v5-crc32c-zlib-two-level", 5, "kCRC32c", CompressionType.ZLIB_COMPRESSION, IndexType.kTwoLevelIndexSearch, false);
    write(out, "v5-nosum-lz4hc", 5, "kNoChecksum", CompressionType.LZ4HC_COMPRESSION, IndexType.kBinarySearch, false);
    write(out, "v2-crc32c-bzip2", 2, "kCRC32c", CompressionType.BZLIB2_COMPRESSION, IndexType.kBinarySearch, false);
    write(out, "v5-xxhash64-zstd-first-key", 5, "kxxHash64", CompressionType.ZSTD_COMPRESSION, IndexType.kBinarySearchWithFirstKey, true);
    write(out, "v2-crc32c-zlib-two-level", 2, "kCRC32c", CompressionType.ZLIB_COMPRESSION, IndexType.kTwoLevelIndexSearch, false);
    write(out, "v0-crc32c-zlib", 0, "kCRC32c", CompressionType.ZLIB_COMPRESSION, IndexType.kBinarySearch, false);
    write(out, "v1-xxhash-zstd", 1, "kxxHash", CompressionType.ZSTD_COMPRESSION, IndexType.kBinarySearch, false);
    splitDeletion(out, "split-deletion");
    if (args.length > 1 && args[1].equals("8")) {
      write(out, "blobs-zstd", 5, "kCRC32c", CompressionType.SNAPPY_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "blobs-none", 5, "kCRC32c", CompressionType.NO_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v0-crc32c-bzip2", 0, "kCRC32c", CompressionType.BZLIB2_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v1-crc32c-lz4-dictionary", 1, "kCRC32c", CompressionType.LZ4_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v1-crc32c-zlib-dictionary", 1, "kCRC32c", CompressionType.ZLIB_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v5-crc32c-lz4-dictionary", 5, "kCRC32c", CompressionType.LZ4_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v5-crc32c-zlib-dictionary", 5, "kCRC32c", CompressionType.ZLIB_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v5-crc32c-snappy-dictionary", 5, "kCRC32c", CompressionType.SNAPPY_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v5-crc32c-zstd-dictionary", 5, "kCRC32c", CompressionType.ZSTD_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v5-xxh3-snappy", 5, "kXXH3", CompressionType.SNAPPY_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "wal", 5, "kCRC32c", CompressionType.SNAPPY_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v6-xxh3-snappy", 6, "kXXH3", CompressionType.SNAPPY_COMPRESSION, IndexType.kBinarySearch, false);
      write(out, "v6-crc32c-zstd-two-level", 6, "kCRC32c", CompressionType.ZSTD_COMPRESSION, IndexType.kTwoLevelIndexSearch, false);
    }
  }

  static void write(File out, String name, int version, String checksum, CompressionType compression, IndexType index, boolean hash)
      throws Exception {
    File work = new File(out, name + ".work");
    BlockBasedTableConfig table = new BlockBasedTableConfig()
        .setFormatVersion(version)
        .setChecksumType(ChecksumType.valueOf(checksum))
        .setIndexType(index)
        .setBlockSize(512)
        .setMetadataBlockSize(256);
    if (hash) table.setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash);
    ColumnFamilyOptions family = (name.startsWith("blobs") ? withBlobs(name) : new ColumnFamilyOptions())
        .setTableFormatConfig(table)
        .setCompressionType(compression)
        .setMergeOperatorName("stringappendtest")
        .setDisableAutoCompactions(true)
        .setTargetFileSizeBase(8 * 1024);
    if (name.endsWith("dictionary")) family.setCompressionOptions(new CompressionOptions().setMaxDictBytes(1024).setEnabled(true));
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
        RocksDB db = RocksDB.open(options, work.getPath(),
            List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                new ColumnFamilyDescriptor("counts".getBytes(StandardCharsets.UTF_8), family)), handles);
        WriteOptions write = new WriteOptions().setDisableWAL(!name.equals("wal"));
        FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      ColumnFamilyHandle counts = handles.get(1);
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 260; i++) {
          byte[] key = key(i);
          switch ((i + round * 7) % 9) {
            case 0 -> db.delete(counts, write, key);
            case 1, 2 -> db.merge(counts, write, key, text("m" + round + "-" + i));
            case 3 -> { }
            default -> {
              if (round % 2 == 0) db.put(counts, write, key, text(("value " + i + " of round " + round + " ").repeat(1 + i % 4)));
            }
          }
        }
        if (round == 1) db.deleteRange(counts, write, key(40), key(75));
        if (round == 3) db.deleteRange(counts, write, key(200), key(230));
        for (int i = 300; i < 310; i++) {
          if (round == 0) db.put(counts, write, key(i), text("once"));
          if (round == 2 && i % 2 == 0) db.singleDelete(counts, write, key(i));
        }
        if (name.equals("wal") && round == 4) break;
        db.flush(flush, counts);
        if (round == 1) db.compactRange(counts);
        if (round == 2) db.compactRange(counts, key(0), key(100));
      }
      keep(db, counts, out, name);
      for (ColumnFamilyHandle handle : handles) handle.close();
    }
    // A checkpoint would flush what is only in the log: the closed database itself has it.
    if (name.equals("wal")) work.renameTo(new File(out, name));
    tidy(out, name);
  }

  /**
   * A range deletion lies whole in each of the files into which a compaction split its output. Some of these files, and newer
   * entries of their keys, are compacted to the lowest level, where entries lose their sequence numbers.
   */
  static void splitDeletion(File out, String name) throws Exception {
    ColumnFamilyOptions family = new ColumnFamilyOptions()
        .setTableFormatConfig(new BlockBasedTableConfig().setBlockSize(512))
        .setCompressionType(CompressionType.NO_COMPRESSION)
        .setDisableAutoCompactions(true)
        .setTargetFileSizeBase(2048);
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
        RocksDB db = RocksDB.open(options, new File(out, name + ".work").getPath(),
            List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                new ColumnFamilyDescriptor("counts".getBytes(StandardCharsets.UTF_8), family)), handles);
        WriteOptions write = new WriteOptions().setDisableWAL(true);
        FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      ColumnFamilyHandle counts = handles.get(1);
      for (int i = 0; i < 300; i++) db.put(counts, write, key(i), text("value " + i + " of old"));
      db.flush(flush, counts);
      compact(db, counts, 0, 3);
      db.deleteRange(counts, write, key(40), key(260));
      for (int i = 0; i < 300; i += 2) db.put(counts, write, key(i), text("value " + i + " behind the deletion"));
      db.flush(flush, counts);
      compact(db, counts, 0, 2);
      for (int i = 120; i < 180; i++) db.put(counts, write, key(i), text("value " + i + " of late"));
      db.flush(flush, counts);
      compact(db, counts, 0, 1);
      db.compactRange(counts, key(140), key(150));
      keep(db, counts, out, name);
      for (ColumnFamilyHandle handle : handles) handle.close();
    }
    tidy(out, name);
  }

  /** Compacts the files of a level into small files of another. */
  static void compact(RocksDB db, ColumnFamilyHandle family, int from, int to) throws Exception {
    List<String> files = new ArrayList<>();
    for (LiveFileMetaData file : db.getLiveFilesMetaData()) if (file.level() == from) files.add(file.fileName());
    try (CompactionOptions options = new CompactionOptions().setOutputFileSizeLimit(2048).setCompression(CompressionType.NO_COMPRESSION)) {
      db.compactFiles(options, family, files, to, -1, null);
    }
  }

  /** Keeps the database as it is, and what RocksDB reads out of it. */
  static void keep(RocksDB db, ColumnFamilyHandle counts, File out, String name) throws Exception {
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      if (!name.equals("wal")) checkpoint.createCheckpoint(new File(out, name).getPath());
    }
    try (PrintWriter expected = new PrintWriter(new File(out, name + ".expected.txt"), StandardCharsets.UTF_8);
        RocksIterator it = db.newIterator(counts)) {
      for (it.seekToFirst(); it.isValid(); it.next()) {
        expected.println(HexFormat.of().formatHex(it.key()) + " " + HexFormat.of().formatHex(it.value()));
      }
      it.status();
    }
  }

  static void tidy(File out, String name) {
    delete(new File(out, name + ".work"));
    for (File file : new File(out, name).listFiles()) {
      if (!file.getName().matches("CURRENT|MANIFEST-.*|.*\\.sst|.*\\.blob|.*\\.log")) file.delete();
    }
  }

  /** Longer values in blob files. Set by their names: the older release, which compiles this too, has no methods for them. */
  static ColumnFamilyOptions withBlobs(String name) {
    Properties options = new Properties();
    options.setProperty("enable_blob_files", "true");
    options.setProperty("min_blob_size", "24");
    options.setProperty("blob_file_size", "8192");
    options.setProperty("blob_compression_type", name.endsWith("zstd") ? "kZSTD" : "kNoCompression");
    return ColumnFamilyOptions.getColumnFamilyOptionsFromProps(options);
  }

  /** A key group prefix and some text, so that keys share prefixes as those of a state backend do. */
  static byte[] key(int i) {
    byte[] text = text(String.format("user-%05d", i));
    byte[] key = new byte[text.length + 1];
    key[0] = (byte) (i / 20);
    System.arraycopy(text, 0, key, 1, text.length);
    return key;
  }

  static byte[] text(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  static void delete(File folder) {
    File[] files = folder.listFiles();
    if (files != null) for (File file : files) delete(file);
    folder.delete();
  }
}
