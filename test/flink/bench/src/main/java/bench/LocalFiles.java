package bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * The local disk in place of Flink's own {@code file:} scheme. With {@code -Dbench.buffered=true} files are read through a
 * buffer; Flink itself reads full snapshots from the local disk without one, a system call for almost every byte.
 */
public final class LocalFiles implements FileSystemFactory {
    private static final int BUFFER = 64 * 1024;

    @Override
    public String getScheme() {
        return LocalFileSystem.getLocalFsURI().getScheme();
    }

    /** Above that of Flink's own. */
    @Override
    public int getPriority() {
        return 1;
    }

    @Override
    public FileSystem create(URI uri) {
        return Boolean.getBoolean("bench.buffered") ? new Buffered() : LocalFileSystem.getSharedInstance();
    }

    private static final class Buffered extends LocalFileSystem {
        @Override
        public FSDataInputStream open(Path file) throws IOException {
            return new BufferedStream(super.open(file));
        }

        @Override
        public FSDataInputStream open(Path file, int bufferSize) throws IOException {
            return open(file);
        }
    }

    private static final class BufferedStream extends FSDataInputStream {
        private final FSDataInputStream file;
        private BufferedInputStream buffered;
        private long position;

        BufferedStream(FSDataInputStream file) {
            this.file = file;
            this.buffered = new BufferedInputStream(file, BUFFER);
        }

        @Override
        public void seek(long desired) throws IOException {
            if (desired != position) {
                file.seek(desired);
                buffered = new BufferedInputStream(file, BUFFER);
                position = desired;
            }
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public int read() throws IOException {
            int value = buffered.read();
            if (value >= 0) {
                position++;
            }
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = buffered.read(bytes, offset, length);
            if (count > 0) {
                position += count;
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            return buffered.available();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
