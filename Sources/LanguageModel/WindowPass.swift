import Corpus
import Kernels
import Recurrent
import Regularizers

/// What a window costs.
public struct WindowLoss: Equatable, Sendable {
    /// Mean negative log-likelihood of a word, in nats.
    public let crossEntropy: Double
    /// What AR and TAR add.
    public let penalty: Double
    /// What is minimised.
    public var total: Double { crossEntropy + penalty }
}

/// One window of text through the model, forward and back, in buffers allocated once.
///
///     word ids → embedding → locked dropout → recurrent layers, locked dropout after each → decoder → loss
public final class WindowPass {
    public let model: LanguageModel
    /// B.
    public let batchSize: Int
    /// The gradients of the last ``lossAndGradients(_:state:record:)``, laid out as the model's parameters.
    public let gradients: ParameterStorage
    /// The regularizers and their masks; set or draw them before a pass.
    public var techniques: Techniques

    private let layers: [RecurrentLayer]
    private let decoder: Decoder
    /// [T·B, E].
    private let embedded: Matrix
    /// [T·B, output width] of each layer, after dropout.
    private let dropped: [Matrix]
    /// The gradients of what layer k reads, and of the last output: [T·B, width], in two buffers by turns.
    private let gradientBuffers: [Buffer]
    private let gradientWidths: [Int]

    /// What the forward pass leaves for the way back.
    private struct Trace {
        /// [T·B, input width] of each layer.
        var inputs: [Matrix] = []
        /// The weights each layer ran with.
        var parameters: [RecurrentParameters] = []
        /// [T·B, E], the last layer's output before and after dropout.
        var rawOutput: Matrix
        var output: Matrix
        var state: ModelState = []
    }

    /// - Parameters:
    ///   - maximumLength: the longest window, T.
    ///   - techniques: nil for evaluation, where all are absent.
    public init(_ model: LanguageModel, batchSize: Int, maximumLength: Int, techniques: Techniques?) {
        let configuration = model.configuration
        let rows = maximumLength * batchSize
        let isTraining = techniques != nil
        self.model = model
        self.batchSize = batchSize
        self.techniques = techniques ?? .absent(from: model, batchSize: batchSize)
        layers = configuration.layerSizes.enumerated().map { layer, size in
            RecurrentLayer(
                kind: configuration.cell, inputSize: size.input, hiddenSize: size.output, batchSize: batchSize,
                maximumLength: maximumLength, inputWindow: configuration.cell.inputWindow(layer: layer),
                precision: configuration.precision, packed: model.packed)
        }
        decoder = Decoder(vocabularySize: model.vocabularySize, maximumRows: rows, precision: configuration.precision)
        embedded = Matrix(rows: rows, columns: configuration.effectiveEmbeddingSize)
        let trainingRows = isTraining ? rows : 0
        dropped = layers.map { Matrix(rows: trainingRows, columns: $0.hiddenSize) }
        gradientWidths = layers.map(\.inputSize) + [configuration.effectiveEmbeddingSize]
        let widest = gradientWidths.max() ?? 0
        gradientBuffers = (0..<2).map { _ in Buffer(count: trainingRows * widest) }
        gradients = ParameterStorage(isTraining ? model.parameters.shapes : [])
    }

    /// The summed negative log-likelihood of the window's targets, and the state after it.
    ///
    /// - Parameter record: called with the negative log-likelihoods of the targets, [T, B] row-major, and the last layer's outputs
    ///   [T·B, E] from which they were predicted, some of them after others. The outputs hold until it returns.
    public func loss(
        _ window: Window, state: ModelState, record: ([Double], Matrix) -> Void = { _, _ in }
    ) -> (total: Double, state: ModelState) {
        let trace = forward(window, state: state)
        let tying = WeightTying(isOn: model.configuration.regularization.weightTying)
        let total = decoder.loss(
            output: trace.output, targets: window.targets, weight: tying.decoderWeight(in: model.parameters),
            bias: model.parameters["decoder.bias"], record: record)
        return (total, trace.state)
    }

    /// The loss of the window, leaving its gradients in ``gradients``, and the state after it. For a pass with techniques.
    ///
    /// - Parameter record: called with the negative log-likelihoods of the targets, [T, B] row-major, some of them after others.
    public func lossAndGradients(
        _ window: Window, state: ModelState, record: (([Double]) -> Void)? = nil
    ) -> (loss: WindowLoss, state: ModelState) {
        let trace = forward(window, state: state)
        let loss = backward(window, trace, record: record)
        return (loss, trace.state)
    }

    /// The logits of every word after the last of a single stream, [V], and the state after it; the window's targets do not matter.
    func logits(after window: Window, state: ModelState) -> (logits: [Float], state: ModelState) {
        precondition(batchSize == 1 && window.length > 0)
        let trace = forward(window, state: state)
        let tying = WeightTying(isOn: model.configuration.regularization.weightTying)
        let logits = decoder.logits(
            output: trace.output.rows(window.length - 1..<window.length), weight: tying.decoderWeight(in: model.parameters),
            bias: model.parameters["decoder.bias"])
        return (logits, trace.state)
    }

    private func forward(_ window: Window, state: ModelState) -> Trace {
        let rows = 0..<window.length * batchSize
        let words = embedded.rows(rows)
        techniques.embeddingDropout.forward(window.inputs, table: model.embedding, into: words)
        let input = techniques.inputDropout.forward(words, into: words)
        var trace = Trace(rawOutput: input, output: input)
        for (index, layer) in layers.enumerated() {
            var parameters = model.layerParameters(index)
            parameters.droppedWeights = techniques.weightDroppings[index].forward(parameters.droppedWeights)
            trace.parameters.append(parameters)
            trace.inputs.append(trace.output)
            let zoneout = techniques.zoneouts.isEmpty ? nil : techniques.zoneouts[index].factors(rows: rows.count)
            let (output, after) = layer.forward(trace.output, state: state[index], parameters: parameters, zoneout: zoneout)
            trace.state.append(after)
            trace.rawOutput = output
            trace.output = techniques.outputDropouts[index].forward(output, into: dropped[index].rows(rows))
        }
        return trace
    }

    private func sequenceGradient(_ index: Int, rows: Int) -> Matrix {
        let width = gradientWidths[index]
        return Matrix(buffer: gradientBuffers[index % 2], offset: 0, rows: rows, columns: width, stride: width)
    }

    private func backward(_ window: Window, _ trace: Trace, record: (([Double]) -> Void)?) -> WindowLoss {
        let rows = 0..<window.length * batchSize
        let tying = WeightTying(isOn: model.configuration.regularization.weightTying)
        var gradient = sequenceGradient(layers.count, rows: rows.count)
        // The recurrent layers overwrite theirs.
        for shape in gradients.shapes where !shape.name.hasPrefix("layers.") { gradients[shape.name].fill(0) }
        let total = decoder.lossAndGradients(
            output: trace.output, targets: window.targets, weight: tying.decoderWeight(in: model.parameters),
            bias: model.parameters["decoder.bias"], outputGradient: gradient,
            weightGradient: tying.decoderWeight(in: gradients), biasGradient: gradients["decoder.bias"], record: record)
        var penalty = techniques.ar.addGradient(of: trace.output, to: gradient)
        techniques.outputDropouts[layers.count - 1].backward(gradient)
        penalty += techniques.tar.addGradient(of: trace.rawOutput, batchSize: batchSize, to: gradient)
        for (index, layer) in layers.enumerated().reversed() {
            let layerGradients = RecurrentParameters(layer: index, in: gradients)
            let inputGradient = sequenceGradient(index, rows: rows.count)
            layer.backward(
                outputGradient: gradient, input: trace.inputs[index], parameters: trace.parameters[index],
                gradients: layerGradients, inputGradient: inputGradient)
            techniques.weightDroppings[index].backward(layerGradients.droppedWeights)
            (index > 0 ? techniques.outputDropouts[index - 1] : techniques.inputDropout).backward(inputGradient)
            gradient = inputGradient
        }
        techniques.embeddingDropout.backward(gradient, ids: window.inputs, tableGradient: gradients["embedding.weight"])
        return WindowLoss(crossEntropy: total / Double(rows.count), penalty: penalty)
    }
}
