// SPDX-License-Identifier: Apache-2.0
package egret.capture.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The end of a file and what is added to it, as {@code tail -F} has it: it may not be there yet, be moved away and made
 * anew, or be cut to nothing and filled again. Of what was there before, a bounded part is read.
 */
final class FileTail implements LogInput {
    /** Of the file that is there at first: some thousand lines. */
    static final long LOOK_BACK = 1 << 20;

    /** Of one that takes its place: more than is written while nobody looks. */
    static final long MOST_BEHIND = 64 << 20;

    private final Path path;
    private final long lookBack;
    private boolean first = true;
    private @Nullable FileChannel file;
    private @Nullable Object key;
    private @Nullable Object ignored; // a file that is not followed
    private long position;
    private boolean tornLine; // up to the next newline it is the rest of a line
    private boolean moved; // another file is there, and this one was read to its end once since
    private boolean fromStart;
    private volatile String state = "";

    FileTail(Path path) {
        this(path, LOOK_BACK);
    }

    FileTail(Path path, long lookBack) {
        this.path = path;
        this.lookBack = lookBack;
    }

    @Override
    public int read(byte[] into) throws IOException {
        FileChannel from = file;
        if (from == null) {
            boolean begun = begin(first ? lookBack : MOST_BEHIND);
            first = false;
            return begun ? BEGUN : 0;
        }
        int read = from.read(ByteBuffer.wrap(into));
        if (read > 0) {
            position += read;
            return tornLine ? behindLine(into, read) : read;
        }
        if (from.size() < position) {
            from.position(0);
            position = 0;
            tornLine = false;
            fromStart = true;
            return BEGUN;
        }
        Object there = key();
        if (there == null || there.equals(key)) {
            moved = false;
            return 0;
        }
        if (!moved) {
            moved = true; // What was written before it was moved is there by the next time.
            return 0;
        }
        close();
        return begin(MOST_BEHIND) ? BEGUN : 0;
    }

    private int behindLine(byte[] block, int length) {
        for (int i = 0; i < length; i++) {
            if (block[i] == '\n') {
                tornLine = false;
                System.arraycopy(block, i + 1, block, 0, length - i - 1);
                return length - i - 1;
            }
        }
        return 0;
    }

    private @Nullable Object key() {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException | SecurityException gone) {
            return null;
        }
    }

    private boolean begin(long back) {
        FileChannel opened = null;
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                state = "is no regular file"; // To open a pipe would wait for whoever writes to it.
                return false;
            }
            Object there = attributes.fileKey();
            if (there != null && there.equals(ignored)) {
                return false;
            }
            opened = FileChannel.open(path, StandardOpenOption.READ);
            if (there == null || !there.equals(key())) {
                return false; // It was changed for another just now.
            }
            if (compressed(opened)) {
                ignored = there;
                state = "is compressed, and not followed";
                return false;
            }
            long size = opened.size();
            position = Math.max(0, size - back);
            fromStart = position == 0;
            if (position > 0) {
                position--; // The newline before a line that is whole is read too.
                tornLine = true;
            }
            opened.position(position);
            file = opened;
            opened = null;
            key = there;
            moved = false;
            state = "";
            return true;
        } catch (NoSuchFileException e) {
            state = "is not there";
        } catch (AccessDeniedException e) {
            state = "may not be read";
        } catch (IOException | SecurityException e) {
            state = "cannot be read: " + e.getMessage();
        } finally {
            close(opened);
        }
        return false;
    }

    private static boolean compressed(FileChannel file) throws IOException {
        ByteBuffer magic = ByteBuffer.allocate(2);
        return file.read(magic, 0) == 2 && magic.getShort(0) == 0x1f8b;
    }

    @Override
    public boolean fromStart() {
        return fromStart;
    }

    @Override
    public boolean open() {
        return state.isEmpty();
    }

    @Override
    public String state() {
        return state;
    }

    @Override
    public void close() {
        FileChannel open = file;
        file = null;
        tornLine = false;
        close(open);
    }

    private static void close(@Nullable FileChannel open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException ignoredNow) {
                // It was only read.
            }
        }
    }
}
