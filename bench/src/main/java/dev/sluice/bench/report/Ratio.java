package dev.sluice.bench.report;

import java.util.Arrays;

/**
 * The median of pairwise ratios with an interval by order statistics: no assumption about the distribution, no random
 * numbers. With {@code n} pairs the interval from the k-th smallest to the k-th largest ratio holds the true median with
 * probability {@code 1 - 2 P(Bin(n, 1/2) < k)}; k is the largest for which that is at least 95 %. Below 6 pairs no such k
 * exists: then it is the whole range, and {@link #coverage()} says how little that means.
 *
 * @param pairs how many
 * @param median the median ratio
 * @param low the lower end
 * @param high the upper end
 * @param coverage the probability that the interval holds the true median
 */
public record Ratio(int pairs, double median, double low, double high, double coverage) {

    /** The coverage that is aimed at. */
    static final double WANTED = 0.95;

    /**
     * The ratios of pairs.
     *
     * @param ours our figure in each pair
     * @param theirs the other tool's figure in the same pair, not 0
     * @return median and interval
     * @throws IllegalArgumentException when there is no pair, or the lengths differ
     */
    public static Ratio of(double[] ours, double[] theirs) {
        if (ours.length == 0 || ours.length != theirs.length) {
            throw new IllegalArgumentException(ours.length + " and " + theirs.length + " figures make no pairs");
        }
        int n = ours.length;
        double[] ratios = new double[n];
        for (int i = 0; i < n; i++) {
            ratios[i] = ours[i] / theirs[i];
        }
        Arrays.sort(ratios);
        int k = 1;
        while (coverage(n, k + 1) >= WANTED) {
            k++;
        }
        return new Ratio(n, median(ratios), ratios[k - 1], ratios[n - k], coverage(n, k));
    }

    /**
     * The median of figures.
     *
     * @param figures any order, at least one; not changed
     * @return the middle one, or the mean of the two in the middle
     */
    public static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    /** The probability that the median lies between the k-th smallest and the k-th largest of n. */
    static double coverage(int n, int k) {
        if (2 * k > n + 1) {
            return 0;
        }
        double below = 0;
        double term = Math.pow(0.5, n);
        for (int i = 0; i < k; i++) {
            below += term;
            term = term * (n - i) / (i + 1);
        }
        return 1 - 2 * below;
    }
}
