import Configurations
import Documents
import Foundation
import LanguageModel
import Recurrent

extension RemovalTable {
    /// The table as a JSON object with sorted keys, named as in `table.csv`; what is not known is left out.
    public var json: String {
        get throws { try JSONText.encode(Document(self)) }
    }
}

/// The shape of the JSON object.
private struct Document: Encodable {
    let parts: [Part]
    let remarks: [String]

    struct Part: Encodable {
        let dataset, profile, cell: String
        let sweptKey: String?
        let configurationDigest: String?
        let deltaTo: String
        let rows: [Row]
        let agreement: Agreement?
        let missingPaperRemovals: Int?
    }

    struct Row: Encodable {
        let row: String
        let n: Int
        let validPpl, testPpl, deltaValid, deltaTest: Interval?
        let notTriggered: Bool
        let significant: Bool?
        let pValue, holmPValue: Double?
        let deltaValidText: TextInterval?
        let validRawPpl, validAveragedPpl: Interval?
        let triggerEpochs, bestEpochs: [Int]
        let paperValid, paperTest, paperDeltaValid: Double?
        let notes: [String]
    }

    struct TextInterval: Encodable {
        let low, high: Double
        let blockTokens, resamplings: Int
    }

    struct Interval: Encodable {
        let n: Int
        let mean: Double
        let low, high: Double?
    }

    struct Agreement: Encodable {
        let paperCell: String
        let paperRemovals, removals, hurting: Int
        let hurtingSignificantly: Int?
        let spearman, pValue: Double?
        let pValueIsExact: Bool?
    }

    init(_ table: RemovalTable) {
        parts = table.parts.map(Part.init)
        remarks = table.remarks
    }
}

extension Document.Part {
    init(_ part: RemovalTable.Part) {
        dataset = part.group.dataset
        profile = part.group.profile
        cell = part.group.cell.rawValue
        sweptKey = part.group.sweptKey
        configurationDigest = part.group.configurationDigest.isEmpty ? nil : part.group.configurationDigest
        deltaTo = part.baseline.name
        rows = part.lines.map(Document.Row.init)
        agreement = part.agreement.map(Document.Agreement.init)
        missingPaperRemovals = part.missingRemovals?.missing
    }
}

extension Document.Row {
    init(_ line: RemovalTable.Line) {
        row = line.row.name
        n = line.n
        validPpl = line.validation.map(Document.Interval.init)
        testPpl = line.test.map(Document.Interval.init)
        deltaValid = line.difference.validation.map(Document.Interval.init)
        deltaTest = line.difference.test.map(Document.Interval.init)
        notTriggered = line.difference == .notTriggered
        significant = line.difference.validation?.margin == nil ? nil : line.difference.isSignificant
        pValue = line.difference.validation?.pValue.map(digits)
        holmPValue = line.holmPValue.map(digits)
        deltaValidText = line.textInterval.map {
            .init(low: rounded($0.low), high: rounded($0.high), blockTokens: TextBlock.length, resamplings: TextInterval.resamplings)
        }
        validRawPpl = line.validationRaw.map(Document.Interval.init)
        validAveragedPpl = line.validationAveraged.map(Document.Interval.init)
        triggerEpochs = line.triggerEpochs
        bestEpochs = line.bestEpochs
        paperValid = line.published?.validation
        paperTest = line.published?.test
        paperDeltaValid = line.publishedDifference.map(rounded)
        notes = line.notes
    }
}

extension Document.Interval {
    init(_ estimate: Estimate) {
        n = estimate.n
        mean = rounded(estimate.mean)
        low = estimate.low.map(rounded)
        high = estimate.high.map(rounded)
    }
}

extension Document.Agreement {
    init(_ agreement: RemovalTable.Agreement) {
        paperCell = CellKind.lstm.rawValue
        paperRemovals = agreement.published
        removals = agreement.removals
        hurting = agreement.hurting
        hurtingSignificantly = agreement.hasIntervals ? agreement.hurtingSignificantly : nil
        spearman = agreement.correlation.map { rounded($0.coefficient) }
        pValue = agreement.correlation.map { rounded($0.pValue) }
        pValueIsExact = agreement.correlation?.isExact
    }
}

/// To the four decimals of the CSV tables.
private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

/// To the four digits of probabilities in the CSV tables.
private func digits(_ value: Double) -> Double { Double(String(format: "%.4g", value)) ?? value }
