import Configurations
import Documents
import ProjectFolders
import Recurrent
import Testing

@testable import Tables

/// A result with perplexities made up for a test; that of the test text is one less.
func result(
    _ row: String, seed: Int = 1, cell: CellKind = .lstm, valid: Double? = nil, status: RunResult.Status = .ok, trigger: Int? = 3,
    fineTuning: Int? = 10, dataset: String = "ptb"
) throws -> RunResult {
    var result = RunResult()
    result.dataset = dataset
    result.profile = "quick"
    result.cell = cell
    result.row = try Row(definition: row)
    result.seed = seed
    result.status = status
    result.epochs = 4
    result.triggerEpoch = trigger
    result.fineTuningEpoch = fineTuning
    result.validationPerplexity = valid
    result.testPerplexity = valid.map { $0 - 1 }
    result.vocabulary = 100
    return result
}

func table(_ results: [RunResult]) throws -> RemovalTable {
    RemovalTable(results: results, published: try projectFiles().published())
}

/// A difference of one seed, the same of validation and test.
func value(_ mean: Double) throws -> RemovalTable.Difference {
    let estimate = try #require(Estimate([mean]))
    return .value(validation: estimate, test: estimate)
}
