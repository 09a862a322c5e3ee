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
    /// The gradients of the last ``lossAndGradients(_:state:record:)``, laid out as the model's parameters; gone with the next pass.
    public let gradients: ParameterStorage
    /// The regularizers and their masks; set or draw them before a pass.
    public var techniques: Techniques

    /// Of the sequences; for another pass that is to run in turns with this one.
    let memory: SequenceMemory

    private let layers: [RecurrentLayer]
    private let decoder: Decoder
    /// [T·B, E].
    private let embedded: Matrix
    /// [T·B, width] of the output of one layer at a time, after dropout.
    private let dropped: Buffer
    /// [T·B, width] of the gradient of the last output, then of what each layer reads, one at a time.
    private let gradient: Buffer

    /// What the forward pass leaves for the way back.
    private struct Trace {
        /// [T·B, E], what the first layer reads.
        let input: Matrix
        /// The weights each layer ran with.
        var parameters: [RecurrentParameters] = []
        /// [T·B, output width] of each layer, before dropout.
        var rawOutputs: [Matrix] = []
        /// [T·B, E], the last of them after dropout.
        var output: Matrix
        var state: ModelState = []
    }

    /// - Parameters:
    ///   - maximumLength: the longest window, T.
    ///   - techniques: nil for evaluation, where all are absent.
    ///   - memory: of the sequences; may be that of another pass, when the two run in turns.
    public init(
        _ model: LanguageModel, batchSize: Int, maximumLength: Int, techniques: Techniques?, memory: SequenceMemory = SequenceMemory()
    ) {
        memory.rewind()
        let configuration = model.configuration
        let rows = maximumLength * batchSize
        let isTraining = techniques != nil
        self.model = model
        self.batchSize = batchSize
        self.memory = memory
        self.techniques = techniques ?? .absent(from: model, batchSize: batchSize)
        layers = configuration.layerSizes.enumerated().map { layer, size in
            RecurrentLayer(
                kind: configuration.cell, inputSize: size.input, hiddenSize: size.output, batchSize: batchSize,
                maximumLength: maximumLength, inputWindow: configuration.cell.inputWindow(layer: layer),
                precision: configuration.precision, packed: model.packed, memory: memory)
        }
        decoder = Decoder(
            vocabularySize: model.vocabularySize, maximumRows: rows, precision: configuration.precision, memory: memory)
        embedded = memory.matrix(rows: rows, columns: configuration.effectiveEmbeddingSize)
        let widest = max(layers.map(\.inputSize).max() ?? 0, configuration.effectiveEmbeddingSize)
        let trainingRows = isTraining ? rows : 0
        dropped = memory.matrix(rows: trainingRows, columns: widest).buffer
        gradient = memory.matrix(rows: trainingRows, columns: widest).buffer
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
        var trace = Trace(input: input, output: input)
        for (index, layer) in layers.enumerated() {
            var parameters = model.layerParameters(index)
            // Its gradient comes when the weights of the window are no longer needed.
            parameters.droppedWeights = techniques.weightDroppings[index].forward(
                parameters.droppedWeights, into: RecurrentParameters(layer: index, in: gradients).droppedWeights)
            trace.parameters.append(parameters)
            let zoneout = techniques.zoneouts.isEmpty ? nil : techniques.zoneouts[index].factors(rows: rows.count)
            let (output, after) = layer.forward(trace.output, state: state[index], parameters: parameters, zoneout: zoneout)
            trace.state.append(after)
            trace.rawOutputs.append(output)
            trace.output = drop(output, of: index)
        }
        return trace
    }

    /// The output of a layer under its dropout, where the one asked for before no longer is.
    private func drop(_ output: Matrix, of layer: Int) -> Matrix {
        techniques.outputDropouts[layer].forward(output, into: Self.sequence(in: dropped, rows: output.rows, width: output.columns))
    }

    private static func sequence(in buffer: Buffer, rows: Int, width: Int) -> Matrix {
        Matrix(buffer: buffer, offset: 0, rows: rows, columns: width, stride: width)
    }

    private func backward(_ window: Window, _ trace: Trace, record: (([Double]) -> Void)?) -> WindowLoss {
        let rows = 0..<window.length * batchSize
        let tying = WeightTying(isOn: model.configuration.regularization.weightTying)
        var outputGradient = Self.sequence(in: gradient, rows: rows.count, width: trace.output.columns)
        // The recurrent layers overwrite theirs.
        for shape in gradients.shapes where !shape.name.hasPrefix("layers.") { gradients[shape.name].fill(0) }
        let total = decoder.lossAndGradients(
            output: trace.output, targets: window.targets, weight: tying.decoderWeight(in: model.parameters),
            bias: model.parameters["decoder.bias"], outputGradient: outputGradient,
            weightGradient: tying.decoderWeight(in: gradients), biasGradient: gradients["decoder.bias"], record: record)
        var penalty = techniques.ar.addGradient(of: trace.output, to: outputGradient)
        techniques.outputDropouts[layers.count - 1].backward(outputGradient)
        penalty += techniques.tar.addGradient(of: trace.rawOutputs[layers.count - 1], batchSize: batchSize, to: outputGradient)
        for (index, layer) in layers.enumerated().reversed() {
            let input = index > 0 ? drop(trace.rawOutputs[index - 1], of: index - 1) : trace.input
            let layerGradients = RecurrentParameters(layer: index, in: gradients)
            let inputGradient = Self.sequence(in: gradient, rows: rows.count, width: layer.inputSize)
            layer.backward(
                outputGradient: outputGradient, input: input, parameters: trace.parameters[index], gradients: layerGradients,
                inputGradient: inputGradient)
            techniques.weightDroppings[index].backward(layerGradients.droppedWeights)
            (index > 0 ? techniques.outputDropouts[index - 1] : techniques.inputDropout).backward(inputGradient)
            outputGradient = inputGradient
        }
        techniques.embeddingDropout.backward(outputGradient, ids: window.inputs, tableGradient: gradients["embedding.weight"])
        return WindowLoss(crossEntropy: total / Double(rows.count), penalty: penalty)
    }
}
