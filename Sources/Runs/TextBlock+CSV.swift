import Documents
import Foundation
import LanguageModel

extension TextBlock {
    private static let header = ["block", "tokens", "negative_log_likelihood"]

    /// The content of `validation-blocks.csv`, with all digits.
    static func csv(_ blocks: [TextBlock]) -> CSV {
        CSV(
            header: header,
            records: blocks.enumerated().map { [String($0 + 1), String($1.tokens), $1.negativeLogLikelihood.description] })
    }

    /// Reads what ``csv(_:)`` wrote.
    ///
    /// - Parameter perplexity: of the whole text, by the run's result, rounded to four decimals.
    /// - Throws: ``InputError`` (`data`) naming file and line, also when the blocks come to another perplexity.
    static func blocks(in csv: CSV, file: String, perplexity: Double) throws -> [TextBlock] {
        let blocks = try csv.rows.enumerated().map { index, values in
            guard let tokens = values["tokens"].flatMap(Int.init), tokens > 0, tokens <= length,
                let loss = values["negative_log_likelihood"].flatMap(Double.init), loss.isFinite, loss >= 0
            else {
                throw InputError.data(
                    "\(file):\(csv.line(ofRecord: index)): a block has 1 to \(length) tokens and a negative_log_likelihood of at least 0")
            }
            return TextBlock(tokens: tokens, negativeLogLikelihood: loss)
        }
        let tokens = blocks.reduce(0) { $0 + $1.tokens }
        let sum = blocks.reduce(0) { $0 + $1.negativeLogLikelihood }
        let total = exp(sum / Double(max(tokens, 1)))
        guard abs(total - perplexity) < 1e-4 + 1e-9 * perplexity else {
            throw InputError.data(
                "\(file): its blocks come to a perplexity of \(total.text(4)), the run's result to \(perplexity.text(4)); "
                    + "without this file the table has no interval of one seed")
        }
        return blocks
    }
}
