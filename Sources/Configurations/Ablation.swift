/// A technique or training choice that a row of the table removes.
public enum Ablation: String, CaseIterable, Sendable {
    case fineTuning = "fine-tuning"
    case ntASGD = "nt-asgd"
    case variableLengthBPTT = "variable-length-bptt"
    case embeddingDropout = "embedding-dropout"
    case weightDecay = "weight-decay"
    case arTAR = "ar-tar"
    case independentSizes = "independent-sizes"
    case weightDropping = "weight-dropping"
    case variationalDropout = "variational-dropout"
    case weightTying = "weight-tying"
    case ar
    case tar

    /// What its removal means, in one line.
    public var summary: String {
        switch self {
        case .fineTuning: "no second stage of training after the first"
        case .ntASGD: "plain SGD whose learning rate is halved where averaging would have started"
        case .variableLengthBPTT: "windows of one length"
        case .embeddingDropout: "no words dropped from the embedding"
        case .weightDecay: "no L2 penalty on the weights"
        case .arTAR: "neither activation nor temporal activation regularization"
        case .independentSizes: "embedding as wide as the hidden layers"
        case .weightDropping: "no DropConnect on the hidden-to-hidden matrices, or the QRNN's"
        case .variationalDropout: "no locked dropout on input, between layers and on output"
        case .weightTying: "a decoder matrix of its own"
        case .ar: "no activation regularization"
        case .tar: "no temporal activation regularization"
        }
    }

    /// The configuration without this technique; nothing else changes.
    public func apply(_ configuration: Configuration) -> Configuration {
        var result = configuration
        switch self {
        case .fineTuning: result.schedule.fineTuning = false
        case .ntASGD: result.schedule.ntASGD = false
        case .variableLengthBPTT: result.model.regularization.variableLengthBPTT = false
        case .embeddingDropout: result.model.regularization.embeddingDropout = 0
        case .weightDecay: result.schedule.weightDecay = 0
        case .arTAR:
            result.model.regularization.ar = 0
            result.model.regularization.tar = 0
        case .independentSizes: result.model.regularization.independentSizes = false
        case .weightDropping: result.model.regularization.weightDropping = 0
        case .variationalDropout:
            result.model.regularization.variationalDropoutInput = 0
            result.model.regularization.variationalDropoutHidden = 0
            result.model.regularization.variationalDropoutOutput = 0
        case .weightTying: result.model.regularization.weightTying = false
        case .ar: result.model.regularization.ar = 0
        case .tar: result.model.regularization.tar = 0
        }
        return result
    }
}
