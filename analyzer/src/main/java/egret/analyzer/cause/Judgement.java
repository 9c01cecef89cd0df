// SPDX-License-Identifier: Apache-2.0
package egret.analyzer.cause;

import egret.capture.evidence.Problem;
import java.util.Arrays;
import java.util.List;

/** One client's pulls against the attempts of the services that logs name: which of them pulled, and how sure that is. */
final class Judgement {
    private static final double LEAST_SHARE = 0.5; // a service pulls at each attempt, or at none
    private static final double LEAST_PROOF = 0.1; // pulls that failed are told: one in ten attempts proves the rest
    private static final double MOSTLY = 0.3;
    private static final int FEW = 20;
    private static final int LONGEST_PULL = 10; // seconds
    private static final double KNOWN = 1000;
    private static final int SHORTEST = 50; // ms from a pull to its failure
    private static final double COST = 0.5;
    private static final double SPREAD = 0.05;
    private static final double MOST_UNLIKE = 3;
    private static final double TOO_MANY = 1.25;
    private static final double ENOUGH = 4; // to accuse or to acquit one of several: odds of 50 to 1
    private static final double ABOUT = 0.1;
    private static final double HALF = 0.5;
    private static final double COMPLETE = 0.9;
    private static final double SURE = 0.98;

    final Stream stream;
    final List<Service> services;
    final PullModel model;
    final double requestsPerPull;
    private final boolean[] proven;
    private final boolean tooMany;
    private final boolean follow;
    private final boolean complete;
    private final Sample sample;
    private final long[][] times;

    /** @param follow pulls and attempts go together, so that the times may accuse; else only a pull that was told does */
    Judgement(Stream stream, Sample sample, boolean follow) {
        this.stream = stream;
        this.sample = sample;
        services = sample.services;
        times = sample.attempts;
        proven = new boolean[times.length];
        for (int i = 0; i < times.length; i++) {
            proven[i] = isProven(services.get(i));
        }
        model = model(sample.pulls);
        tooMany = isTooMany(sample.pulls.length);
        this.follow = follow && !tooMany;
        complete = isComplete();
        requestsPerPull = requestsPerPull(sample.pulls);
    }

    /**
     * How well the attempts of a log explain a client's pulls: taken as those of one service, or of many, where each costs
     * something, as it brings a share of its own.
     */
    static double gain(Stream stream, List<Service> all, Span span) {
        Sample sample = new Sample(stream, all, span);
        if (sample.pulls.length == 0 || sample.services.isEmpty()) {
            return 0;
        }
        double single = new PullModel(sample.pulls, sample.merged(), sample.from, sample.to).gain(0);
        PullModel many = new Judgement(stream, sample, true).model;
        double gain = Math.max(single, many.better() - sample.services.size() * COST);
        return Math.max(0, gain - unlike(sample));
    }

    /** As many attempts as pulls is a little likelier than any other number. */
    private static double unlike(Sample sample) {
        int attempts = Sample.within(sample.merged(), sample.from, sample.to).length;
        double off = (attempts - sample.pulls.length) / (SPREAD * sample.pulls.length);
        return Math.min(MOST_UNLIKE, off * off / 2);
    }

    private static boolean isProven(Service service) {
        return service.pulled > 0
                || service.isLookups()
                || service.attempts.size() == 0
                || service.pullFailures.size() >= LEAST_PROOF * service.attempts.size();
    }

    /** A first attempt that nobody pulled for in the seconds before may have waited for the image itself, long after it asked. */
    private static int firstJudged(long[] attempts, long[] pulls) {
        if (attempts.length == 0) {
            return 0;
        }
        int at = Arrays.binarySearch(pulls, attempts[0] - PullModel.LATEST);
        at = at < 0 ? -at - 1 : at;
        return at < pulls.length && pulls[at] < attempts[0] - SHORTEST ? 0 : 1;
    }

    private PullModel model(long[] pulls) {
        int n = 0;
        for (long[] each : times) {
            n += each.length - firstJudged(each, pulls);
        }
        long[] attempts = new long[n];
        n = 0;
        for (long[] each : times) {
            int skipped = firstJudged(each, pulls);
            System.arraycopy(each, skipped, attempts, n, each.length - skipped);
            n += each.length - skipped;
        }
        Arrays.sort(attempts);
        int[] owners = new int[n];
        Arrays.fill(owners, -1);
        for (int i = 0; i < times.length; i++) {
            for (int j = firstJudged(times[i], pulls); j < times[i].length; j++) {
                long time = times[i][j];
                int at = Arrays.binarySearch(attempts, time);
                while (at > 0 && attempts[at - 1] == time) {
                    at--;
                }
                while (owners[at] >= 0) {
                    at++;
                }
                owners[at] = i;
            }
        }
        return new PullModel(pulls, attempts, owners, odds(), sample.from, sample.to);
    }

    /**
     * What is known without the times. When the registry refuses most pulls of all, a service whose pulls never failed did
     * not pull.
     */
    private double[] odds() {
        double[] odds = new double[times.length];
        double refused = 0;
        double attempts = 0;
        for (int i = 0; i < odds.length; i++) {
            Service service = services.get(i);
            if (proven[i]) {
                odds[i] = KNOWN;
            }
            if (proven[i] && !service.isLookups()) {
                refused += service.refused();
                attempts += Math.max(times[i].length, service.pullFailures.size());
            }
        }
        double share = attempts < FEW ? 0 : Math.min(0.95, refused / attempts);
        for (int i = 0; i < odds.length; i++) {
            Service service = services.get(i);
            if (!proven[i] && service.pullFailures.size() == 0) {
                odds[i] = times[i].length * Math.log(1 - share);
            }
            if (!proven[i] && !service.image.isEmpty()) {
                odds[i] = isPinned(service) ? -KNOWN : KNOWN;
            }
        }
        return odds;
    }

    /** In the seconds whose pulls the logs explain, each up to the next pull; else of all. */
    private double requestsPerPull(long[] pulls) {
        long counted = 0;
        long requests = 0;
        int at = 0;
        while (at < pulls.length) {
            long second = Math.floorDiv(pulls[at], 1000L);
            double strange = 0;
            int begin = at;
            while (at < pulls.length && Math.floorDiv(pulls[at], 1000L) == second) {
                strange += model.unexplained(at);
                at++;
            }
            if (strange <= MOSTLY * (at - begin)) {
                counted += at - begin;
                long next = at < pulls.length ? Math.floorDiv(pulls[at], 1000L) : second + 1;
                for (long each = second; each < Math.min(next, second + LONGEST_PULL); each++) {
                    requests += stream.requestsAt(each);
                }
            }
        }
        if (counted < FEW) {
            counted = stream.pullsBegun();
            requests = stream.requests;
        }
        return counted == 0 ? 0 : (double) requests / counted;
    }

    /** More attempts than pulls cannot have pulled. */
    private boolean isTooMany(int pulls) {
        double seen = 0;
        for (int i = 0; i < times.length; i++) {
            seen += model.share(i) * model.seen(i);
        }
        return seen > TOO_MANY * pulls + 5;
    }

    /** Whether it asks for its image at each attempt. */
    boolean asks(int service) {
        return proven[service]
                || (mayAsk(service) && (complete || model.gain(service) >= ENOUGH || isTag(services.get(service))));
    }

    /** The best guess, which is no proof unless it leaves nobody out. */
    private boolean mayAsk(int service) {
        return (follow || (isTag(services.get(service)) && !tooMany)) && model.share(service) >= LEAST_SHARE;
    }

    /** A manager told its image, which has no digest: it asks at each retry. */
    private static boolean isTag(Service service) {
        return !service.image.isEmpty() && !isPinned(service);
    }

    private static boolean isPinned(Service service) {
        return service.image.contains("@sha256:");
    }

    double confidence(int service) {
        if (proven[service]) {
            return 0.99;
        }
        if (asks(service)) {
            return Math.max(sure(model.gain(service)), complete ? COMPLETE : 0);
        }
        if (isPinned(services.get(service))) {
            return SURE;
        }
        return model.seen(service) < 1 ? 0 : follow ? sure(-model.gain(service)) : tooFewPulls();
    }

    /** However many of the pulls were theirs, most of their attempts had none. */
    private double tooFewPulls() {
        double seen = 0;
        for (int i = 0; i < times.length; i++) {
            seen += proven[i] ? 0 : model.seen(i);
        }
        return Math.max(0, Math.min(SURE, 1 - sample.pulls.length / seen));
    }

    private static double sure(double gain) {
        return Math.min(SURE, 1 - 0.5 * Math.exp(-Math.max(0, gain) / 4));
    }

    /** All of them may ask, and without any of them they would be fewer than the pulls. */
    private boolean isComplete() {
        double seen = 0;
        double least = Double.MAX_VALUE;
        for (int i = 0; i < times.length; i++) {
            if (!proven[i] && (!mayAsk(i) || model.gain(i) <= -ENOUGH)) {
                return false;
            }
            seen += model.seen(i);
            least = services.get(i).isLookups() ? least : Math.min(least, model.seen(i));
        }
        return seen - sample.pulls.length < HALF * least && model.told() - seen < ABOUT * seen;
    }

    /** In the time that the wire was seen. */
    long attempts(int service) {
        return Math.round(Sample.within(times[service], sample.from, sample.to).length * whole(sample.untold));
    }

    /** Of its attempts that began in the time that the wire was seen. */
    double requests(int service) {
        if (!asks(service)) {
            return 0;
        }
        double untold = model.told() > 0 ? sample.pulls.length / model.told() : 1; // those of the others are like these
        return (model.seen(service) + skipped(service)) * untold * whole(0) * requestsPerPull;
    }

    /** First attempts that were not judged. */
    private int skipped(int service) {
        int skipped = firstJudged(times[service], sample.pulls);
        return Sample.within(Arrays.copyOf(times[service], skipped), sample.from, sample.to).length;
    }

    /** How much more there was than the sample. */
    private double whole(int without) {
        return Math.max(1, (double) (stream.pullsBegun() - without) / Math.max(1, sample.pulls.length));
    }

    /** Median, in seconds; 0 if there is no second attempt. */
    double period(int service) {
        long[] all = times[service];
        if (all.length < 2) {
            return 0;
        }
        long[] gaps = new long[all.length - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = all[i + 1] - all[i];
        }
        Arrays.sort(gaps);
        return gaps[gaps.length / 2] / 1000.0;
    }

    Problem problem(int service) {
        return services.get(service).problem();
    }
}
