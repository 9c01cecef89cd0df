// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.watch;

import java.util.ArrayList;
import java.util.List;

/** Which notices are new: each is told once. */
public final class NoticeNews {
    private long told;

    /** Of those that are kept, the ones that were not there at the last call. */
    public List<Status.Notice> since(List<Status.Notice> notices) {
        List<Status.Notice> news = new ArrayList<>();
        for (Status.Notice notice : notices) {
            if (notice.number() > told) {
                told = notice.number();
                news.add(notice);
            }
        }
        return news;
    }
}
