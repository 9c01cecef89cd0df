// SPDX-License-Identifier: Apache-2.0
package egret.capture.nat;

/** One way to read the kernel's connection tracking, of the network namespace in which it was opened. One thread. */
sealed interface Feed extends AutoCloseable permits NetlinkFeed, FileFeed {
    enum Answer {
        /** It was put, and its source told. */
        FOUND,
        /** The kernel tracks no such connection (any more). */
        ABSENT,
        /** It could not be asked now. */
        LATER
    }

    /** The way in a few words. */
    String way();

    /** Puts what was told since the last call. Never blocks. */
    void poll(Translations into);

    /**
     * Asks for one connection by its reply direction. Never blocks.
     *
     * @param source filled if it is found
     */
    Answer ask(Tuple reply, Translations into, OriginalSource source);

    /** All connections that there are have been told: an address that none was translated to is not a NAT's. */
    boolean complete();

    ConntrackCounts counts(Translations of, long unanswered);

    @Override
    void close();
}
