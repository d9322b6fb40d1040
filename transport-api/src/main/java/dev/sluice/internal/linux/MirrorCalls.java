package dev.sluice.internal.linux;

/** The steps of making a {@link MirroredBuffer}, apart so that a test can make each of them fail. */
interface MirrorCalls {
    /** The real calls. */
    MirrorCalls LINUX = new MirrorCalls() {
        @Override
        public int memoryFile(NativeContext ctx) {
            return Mappings.memoryFile(ctx);
        }

        @Override
        public int truncate(NativeContext ctx, int fd, long size) {
            return FileCalls.truncate(ctx, fd, size);
        }

        @Override
        public long map(NativeContext ctx, long address, long length, int protection, int flags, int fd) {
            return Mappings.map(ctx, address, length, protection, flags, fd, 0);
        }
    };

    /** See {@link Mappings#memoryFile}. */
    int memoryFile(NativeContext ctx);

    /** See {@link FileCalls#truncate}. */
    int truncate(NativeContext ctx, int fd, long size);

    /** See {@link Mappings#map}, from the start of the file. */
    long map(NativeContext ctx, long address, long length, int protection, int flags, int fd);
}
