import Corpus
import LanguageModel
import Regularizers

/// A reader of files that may come from anyone, as fuzzing calls it: any bytes are read or refused, and never end the process.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Safetensors files, as the best checkpoint and as a training checkpoint.
    case checkpoint
    /// Configurations, profiles, differences, lists of rows and assignments.
    case configuration
    /// The three texts of a corpus.
    case corpus

    /// What reads some bytes, and says whether they were taken.
    ///
    /// It keeps what is slow to make from one call to the next, so that it must not be called from two threads at a time.
    public func reader() throws -> ([UInt8]) -> Bool {
        switch self {
        case .checkpoint:
            let reader = try CheckpointReader()
            return { reader.read($0) }
        case .configuration: return ConfigurationReader.read
        case .corpus: return CorpusReader.read
        }
    }
}
