import Configurations
import Documents
import ProjectFolders
import Testing

@testable import Tables

/// Against the printed tables of the t distribution, and SciPy 1.17 where a table has too few digits.
@Suite struct StatisticsTests {
    @Test(arguments: [
        (1.0, 12.706204736174694, 63.656741162871526), (2, 4.302652729749462, 9.924843200918287),
        (4, 2.7764451051977934, 4.604094871349992), (9, 2.262157162798205, 3.249835541592126),
        (29, 2.045229642132703, 2.756385903670605), (120, 1.9799304050824402, 2.6174211451068654),
    ])
    func theQuantilesOfStudentsDistribution(degrees: Double, at95: Double, at99: Double) {
        let distribution = StudentDistribution(degreesOfFreedom: degrees)
        #expect(abs(distribution.twoSidedQuantile(0.05) / at95 - 1) < 1e-10)
        #expect(abs(distribution.twoSidedQuantile(0.01) / at99 - 1) < 1e-10)
        #expect(abs(distribution.twoSidedProbability(-at95) - 0.05) < 1e-12)
        #expect(distribution.twoSidedProbability(0) == 1)
    }

    @Test(arguments: [
        (0.3, 2.0, 5.0, 0.5798250000000003), (0.9, 0.5, 3, 0.9996750253207289), (0.5, 10, 0.5, 0.00023344743474862207),
        (1e-3, 0.5, 0.5, 0.020135041633377492), (0, 2, 3, 0), (1, 2, 3, 1), (0.25, 1, 1, 0.25),
    ])
    func theIncompleteBetaFunction(x: Double, a: Double, b: Double, value: Double) {
        #expect(abs(regularisedIncompleteBeta(x, a: a, b: b) - value) < 1e-12)
    }

    @Test func meansAndIntervals() throws {
        let three = try #require(Estimate([181.2, 184.9, 179.5]))
        #expect(three.n == 3 && abs(three.mean - 181.86666666666667) < 1e-10)
        #expect(abs(try #require(three.margin) - 6.858799742165828) < 1e-10)
        let five = try #require(Estimate([1.1, 2.5, 0.3, 1.9, 1.4]))
        #expect(abs(try #require(five.low) - (1.44 - 1.0299077071716307)) < 1e-10)
        #expect(abs(try #require(five.high) - (1.44 + 1.0299077071716307)) < 1e-10)
        #expect(five.excludesZero)
        #expect(try !#require(Estimate([1, -0.5, 2])).excludesZero)
        #expect(try #require(Estimate([-2, -2.1, -1.9])).excludesZero)
    }

    /// `python3 -c 'import scipy.stats as s; print(s.ttest_1samp([2, 3, 2.5], 0).pvalue)'`, and so on.
    @Test(arguments: [
        ([2, 3, 2.5], 0.013072457560346515), ([5, -5, 0.5], 0.9592768518812316), ([1.1, 2.5, 0.3, 1.9, 1.4], 0.01781132547795687),
        ([6.1, 5.2], 0.050597421990651384), ([3, 3.01, 2.99, 3.02], 2.1858141863219686e-08),
    ])
    func probabilitiesOfMeans(differences: [Double], pValue: Double) throws {
        let estimate = try #require(Estimate(differences))
        #expect(abs(try #require(estimate.pValue) / pValue - 1) < 1e-9)
        #expect(estimate.excludesZero == (pValue < 0.05))
    }

    @Test func equalDifferencesAreCertain() throws {
        #expect(try #require(Estimate([0, 0, 0])).pValue == 1)
        #expect(try #require(Estimate([2, 2, 2])).pValue == 0)
    }

    /// Sorted, each is multiplied with the number of those from it on, then made no less than the one before, and at most 1.
    /// R's `p.adjust(p, "holm")` does the same.
    @Test(arguments: [
        ([0.01, 0.04, 0.03, 0.005, 0.5], [0.04, 0.09, 0.09, 0.025, 0.5]), ([0.02, 0.02, 0.6, 0.7], [0.08, 0.08, 1, 1]), ([0.03], [0.03]),
        ([], []),
    ] as [([Double], [Double])])
    func holmsCorrection(pValues: [Double], expected: [Double]) {
        let adjusted = HolmCorrection.adjusted(pValues)
        #expect(adjusted.count == expected.count && zip(adjusted, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func oneValueHasNoIntervalAndNoneNoMean() throws {
        let one = try #require(Estimate([5]))
        #expect(one.mean == 5 && one.margin == nil && one.pValue == nil && one.low == nil && !one.excludesZero)
        #expect(Estimate([]) == nil)
        #expect(try !#require(Estimate([0, 0, 0])).excludesZero)
    }

    /// Pairs, ρ, and the number of orders at least as far from zero.
    private static let ranked: [([Double], [Double], Double, Int, Int)] = [
        ([1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8, 16, 120),
        ([5.81, 12.2, -1.66, 2.81, -0.41, -0.6, -7.84, -0.91], [0.7, 6.3, 1.3, 5.1, 3.7, 2.7, 8, 11.1], -0.23809523809523803, 23_472, 40_320),
        ([1, 2, 2, 3, 3, 3], [1, 1, 2, 5, 4, 4], 0.9057894597833127, 36, 720),
        ([1, 2, 3], [3, 2, 1], -1, 2, 6),
    ]

    @Test(arguments: ranked.indices)
    func rankCorrelationWithItsExactProbability(index: Int) throws {
        let (x, y, coefficient, extreme, all) = Self.ranked[index]
        let correlation = try #require(SpearmanCorrelation(Array(zip(x, y))))
        #expect(abs(correlation.coefficient - coefficient) < 1e-12)
        #expect(correlation.pValue == Double(extreme) / Double(all))
        #expect(correlation.isExact && correlation.n == x.count)
    }

    @Test func theProbabilityOfManyPairsIsApproximated() throws {
        let y: [Double] = [3, 1, 4, 15, 9, 2, 6, 5, 35, 8, 97, 93]
        let correlation = try #require(SpearmanCorrelation(y.indices.map { (Double($0), y[$0]) }))
        #expect(abs(correlation.coefficient - 0.7272727272727274) < 1e-12)
        #expect(abs(correlation.pValue - 0.0073550288578051294) < 1e-12 && !correlation.isExact)
    }

    @Test func tiesShareTheMeanOfTheirRanks() {
        // Ranks 1, 2.5, 2.5, 4 about their mean 2.5, twice.
        #expect(SpearmanCorrelation.centredRanks([10, 20, 20, 30]) == [-3, 0, 0, 3])
    }

    @Test func whatHasNoOrderHasNoCorrelation() {
        #expect(SpearmanCorrelation([(1, 2), (2, 1)]) == nil)
        #expect(SpearmanCorrelation([(1, 1), (1, 2), (1, 3)]) == nil)
        #expect(SpearmanCorrelation([]) == nil)
    }
}
