// Trains a two-layer LSTM for a few steps on made-up tokens and prints the falling loss.

import Corpus
import LanguageModel
import Optimizers

let vocabularySize = 10
let batchSize = 8
let windowLength = 20

var configuration = ModelConfiguration()
configuration.cell = .lstm
configuration.layers = 2
configuration.embeddingSize = 24
configuration.hiddenSize = 48
configuration.regularization.weightTying = true
configuration.regularization.weightDropping = 0.1

// The text counts from 0 to 9, over and over, so every word can be predicted from the one before.
let tokens = (0..<2000).map { Int32($0 % vocabularySize) }
let streams = try TokenStreams(tokens: tokens, batchSize: batchSize, windowLength: windowLength)

let model = try LanguageModel(configuration, vocabularySize: vocabularySize, seed: 1)
let techniques = Techniques(
    configuration, strengths: configuration.regularization, vocabularySize: vocabularySize, batchSize: batchSize, seed: 1)
let pass = WindowPass(model, batchSize: batchSize, maximumLength: windowLength, techniques: techniques)
let clipping = GradientClipping(maximumNorm: 0.25)
var optimizer = SGD(learningRate: 10, weightDecay: 0)
var state = model.zeroState(batchSize: batchSize)

for step in 0...100 {
    // 249 steps a stream hold twelve windows of 20.
    let window = streams.window(at: step % 12 * windowLength, length: windowLength)
    pass.techniques.draw()
    let (loss, after) = pass.lossAndGradients(window, state: state)
    let norm = pass.gradients.flat.sumOfSquares.squareRoot()
    optimizer.step(
        model.parameters.flat, gradients: pass.gradients.flat, clip: clipping.factor(norm: norm), learningRateScale: 1)
    state = after
    if step % 10 == 0 {
        print("step \(step): loss \((loss.crossEntropy * 1000).rounded() / 1000)")
    }
}
