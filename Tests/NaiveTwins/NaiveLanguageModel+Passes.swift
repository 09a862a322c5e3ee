extension NaiveLanguageModel {
    /// The forward pass over one window.
    public struct Forward {
        /// [T, B, E], after embedding dropout and locked dropout.
        public let embedded: NaiveMatrix
        public let layers: [NaiveRecurrentLayer]
        /// [T, B, E], the last layer's output after locked dropout.
        public let dropped: NaiveMatrix
        /// [T, B, V]
        public let logits: NaiveMatrix
        /// Mean negative log-likelihood of the targets.
        public let crossEntropy: Double
        /// Cross-entropy, AR and TAR together.
        public let loss: Double
        /// What the next window starts from.
        public let state: [NaiveState]
    }

    public func forward(_ window: NaiveWindow, state: [NaiveState]) -> Forward {
        let masks = window.masks
        let embedded = NaiveLockedDropout.apply(
            NaiveEmbedding.forward(
                table: matrix("embedding.weight"), tokens: window.inputs, scales: masks.embeddingRows),
            mask: masks.input)
        var input = embedded
        var passes: [NaiveRecurrentLayer] = []
        for layer in 0..<layers {
            var weights = recurrentWeights(layer)
            weights.dropped = weights.dropped.masked(by: masks.weights[layer])
            let pass = NaiveRecurrentLayer(
                cell: cell, weights: weights, input: input, state: state[layer], zoneout: masks.zoneout[layer])
            let mask = layer == layers - 1 ? masks.output : masks.hidden[layer]
            input = NaiveLockedDropout.apply(pass.output, mask: mask)
            passes.append(pass)
        }
        let logits = NaiveDecoder.forward(
            input: input, weight: matrix(decoderWeightName), bias: matrix("decoder.bias"))
        let crossEntropy = NaiveCrossEntropy.evaluate(logits: logits, targets: window.targets).loss
        let ar = NaiveActivationRegularization.evaluate(input, alpha: alpha).loss
        let tar = NaiveTemporalActivationRegularization.evaluate(
            passes[layers - 1].output, batchSize: window.batchSize, beta: beta
        ).loss
        return Forward(
            embedded: embedded, layers: passes, dropped: input, logits: logits, crossEntropy: crossEntropy,
            loss: crossEntropy + ar + tar, state: passes.map(\.state))
    }

    /// The gradient of the loss of `forward` for every parameter; the state carried in is a constant.
    public func gradients(_ window: NaiveWindow, forward: Forward) -> [String: [Double]] {
        let masks = window.masks
        var blocks: [String: NaiveMatrix] = [:]
        for (name, shape) in shapes { blocks[name] = NaiveMatrix(rows: shape.rows, columns: shape.columns) }

        let logitsGradient = NaiveCrossEntropy.evaluate(logits: forward.logits, targets: window.targets).gradient
        var (decoderWeight, decoderBias) = (blocks[decoderWeightName]!, blocks["decoder.bias"]!)
        let fromDecoder = NaiveDecoder.backward(
            logitsGradient: logitsGradient, input: forward.dropped, weight: matrix(decoderWeightName),
            weightGradient: &decoderWeight, biasGradient: &decoderBias)
        (blocks[decoderWeightName], blocks["decoder.bias"]) = (decoderWeight, decoderBias)
        let fromAR = NaiveActivationRegularization.evaluate(forward.dropped, alpha: alpha).gradient
        let fromTAR = NaiveTemporalActivationRegularization.evaluate(
            forward.layers[layers - 1].output, batchSize: window.batchSize, beta: beta
        ).gradient

        var gradient = NaiveLockedDropout.apply(sum(fromDecoder, fromAR), mask: masks.output)
        gradient = sum(gradient, fromTAR)
        for layer in (0..<layers).reversed() {
            var (inputGradient, weights) = forward.layers[layer].backward(outputGradient: gradient)
            weights.dropped = weights.dropped.masked(by: masks.weights[layer])
            for (name, block) in recurrentBlocks(layer) { blocks[name] = weights[keyPath: block] }
            gradient = NaiveLockedDropout.apply(inputGradient, mask: layer == 0 ? masks.input : masks.hidden[layer - 1])
        }
        NaiveEmbedding.backward(
            outputGradient: gradient, tokens: window.inputs, scales: masks.embeddingRows,
            tableGradient: &blocks["embedding.weight"]!)
        return blocks.mapValues(\.values)
    }

    private func sum(_ a: NaiveMatrix, _ b: NaiveMatrix) -> NaiveMatrix {
        NaiveMatrix(rows: a.rows, columns: a.columns, values: zip(a.values, b.values).map { $0 + $1 })
    }
}
