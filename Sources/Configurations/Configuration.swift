import Corpus
import LanguageModel
import Recurrent

/// Everything that decides the figures of one run.
///
/// The keys under which its values are written and read are declared in ``ConfigurationKey/all``.
public struct Configuration: Equatable, Sendable {
    /// `ptb`, `wt2`, `kjv`, `synthetic` or the path of a folder.
    public var dataset = "ptb"
    /// The overlay on the sizes of the paper; see ``ProjectFiles``.
    public var profile = "paper"
    /// The one source of all randomness of a run.
    public var seed = 1
    /// Cell, sizes and regularizers.
    public var model = ModelConfiguration()
    /// Batches, learning rate, optimizer and stages.
    public var schedule = TrainingSchedule()
    /// Length in tokens of the part of the training text that is used; 0 means all of it.
    public var trainingTokens = 0
    /// Threads of one run.
    public var threads = 1

    public init() {}

    /// The cell; part of ``model``.
    public var cell: CellKind { model.cell }

    /// What no model can have of what is asked for together; nil where all of it can be.
    package var contradiction: String? {
        if model.zoneout > 0, cell != .qrnn { return "zoneout: the cell \(cell.rawValue) has none, it must be 0; the cell qrnn has it" }
        if model.recurrentInitialisation == .orthogonal, !cell.hasHiddenProduct {
            return "recurrent-initialisation: the cell \(cell.rawValue) has no hidden-to-hidden matrices, it must be uniform"
        }
        return nil
    }

    /// `ptb`, `wt2`, `kjv`, `synthetic`, or a name made of the folder's path.
    public var datasetName: String { Dataset(argument: dataset).name }
}
