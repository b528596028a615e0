package io.cairn.bench;

/// A logistic curve between two samples of the same weight, by Newton's method.
record Logistic(double[] high, double[] low) {
    private static final int STEPS = 50;

    /// Slope and offset of `1 / (1 + exp(offset - slope * x))`.
    double[] fitted() {
        double slope = 1;
        double offset = 0;
        for (int step = 0; step < STEPS; step++) {
            var sums = new Sums();
            for (double x : high) {
                sums.add(x, 1, slope * x - offset, 1.0 / high.length);
            }
            for (double x : low) {
                sums.add(x, 0, slope * x - offset, 1.0 / low.length);
            }
            double determinant = sums.xx * sums.one - sums.x * sums.x;
            if (!(determinant > 0)) {
                break;
            }
            slope += (sums.one * sums.errorX - sums.x * sums.error) / determinant;
            offset -= (sums.xx * sums.error - sums.x * sums.errorX) / determinant;
        }
        return new double[] {slope, offset};
    }

    /// The gradient, and the curvature beside a touch of what keeps samples that do not overlap from infinity.
    private static final class Sums {
        private double error;
        private double errorX;
        private double one = 1e-6;
        private double x;
        private double xx = 1e-6;

        void add(double at, double wanted, double logit, double weight) {
            double chance = 1 / (1 + Math.exp(-logit));
            double curvature = weight * chance * (1 - chance);
            error += weight * (wanted - chance);
            errorX += weight * (wanted - chance) * at;
            one += curvature;
            x += curvature * at;
            xx += curvature * at * at;
        }
    }
}
